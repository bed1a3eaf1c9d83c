// client_session and server_session over a wire that is cut at any byte, with nothing kept but what
// the standard calls session state. Everything follows from the seed.

#include <nightjar/base/prng.hpp>
#include <nightjar/base/reader.hpp>
#include <nightjar/mqtt/client_session.hpp>

#include <memory>
#include <optional>

#include "session_support.hpp"

namespace nightjar::mqtt::testing {
namespace {

/// What one side wants to say: numbered messages, QoS 1 and 2 each with their own numbers. A token
/// is 1 + its index.
struct outbox {
    struct entry {
        qos level;
        std::array<byte, 4> number;
    };
    std::vector<entry> said;
    std::uint32_t next[3] = {};

    token add(qos level) {
        const std::uint32_t n = next[static_cast<int>(level)]++;
        said.push_back({level, {byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}});
        return said.size();
    }
    publish message_of(token t) const {
        const entry& e = said[t - 1];
        publish p = message(e.level, 0, "lossy/wire");
        p.payload = e.number;
        return p;
    }
};

/// What one side heard. Complains about anything that QoS 1 and 2 forbid.
struct inbox {
    std::uint32_t next[3] = {};

    void take(const publish& p) {
        ASSERT_EQ(p.payload.size(), 4u);
        reader in{p.payload};
        const std::uint32_t n = in.u32();
        std::uint32_t& expected = next[static_cast<int>(p.level)];
        if (p.level == qos::exactly_once) {
            ASSERT_EQ(n, expected) << "exactly once and in order";
        }
        ASSERT_LE(n, expected) << "a message was passed over";
        if (n == expected) ++expected;
    }
};

struct end {
    static constexpr std::size_t slots = 16;
    kept_flows<slots> kept;
    outbox mine;
    inbox theirs;
    std::size_t started = 0;  // messages of `mine` that have begun their flight
    storage room = storage(60'000);
    fixed_output out{room};
    storage heard;  // delivered, not yet eaten
    std::deque<std::pair<packet_id, qos>> to_acknowledge;
    std::vector<token> released;

    template <class Session>
    void acknowledge_one(Session& s) {
        if (to_acknowledge.empty()) return;
        const auto [id, level] = to_acknowledge.front();
        to_acknowledge.pop_front();
        ASSERT_TRUE(s.acknowledge(id, level, reason::success));
    }
    void take(const publish& p) {
        theirs.take(p);
        if (p.level != qos::at_most_once) to_acknowledge.emplace_back(p.id, p.level);
    }
    void disconnect() {
        out.clear();
        heard.clear();
        to_acknowledge.clear();
    }
};

class lossy_world {
public:
    explicit lossy_world(std::uint64_t seed) : random_(seed) {
        constexpr version versions[] = {version::v3_1, version::v3_1_1, version::v5};
        version_ = versions[random_.uniform(3)];
        for_server_.receive_maximum = static_cast<std::uint16_t>(1 + random_.uniform(6));
        for_client_.receive_maximum = static_cast<std::uint16_t>(1 + random_.uniform(6));
        cut_chance_ = 0.005 + 0.02 * static_cast<double>(random_.uniform(4));
        connect();
    }

    void run() {
        for (int i = 0; i < 3000 && !failed(); ++i) step();
        cut_chance_ = 0;
        for (int i = 0; i < 3000 && !failed(); ++i) calm_step();
        if (failed()) return;
        for (const end* each : {&client_, &server_}) {
            const end& other = each == &client_ ? server_ : client_;
            EXPECT_EQ(each->mine.said.size(), each->started);
            EXPECT_TRUE(each->kept.state.sending.is_empty());
            EXPECT_EQ(each->kept.state.receiving.held(), 0u);
            for (int level : {1, 2}) EXPECT_EQ(each->mine.next[level], other.theirs.next[level]);
        }
        EXPECT_GT(cuts_, 0u);
    }

private:
    static bool failed() { return ::testing::Test::HasFailure(); }

    void connect() {
        client_.disconnect();
        if (from_server_) settle();
        server_.disconnect();
        from_client_.emplace(for_client_, client_.out, client_.kept.state);
        from_server_.emplace(for_server_, server_.out, now_);
        server_resumed_ = false;
        mqtt::connect p = hello(version_);
        p.clean_start = false;
        ASSERT_TRUE(from_client_->connect(p, true, now_).has_value());
    }

    /// The server took care of what it was given, though the connection is gone.
    void settle() {
        from_server_->disconnect_now(reason::unspecified_error);
        for (const auto& [id, level] : server_.to_acknowledge)
            EXPECT_FALSE(from_server_->acknowledge(id, level, reason::success));
    }

    void step() {
        if (random_.chance(cut_chance_)) return cut();
        switch (random_.uniform(8)) {
            case 0: client_.mine.add(some_level()); break;
            case 1: server_.mine.add(some_level()); break;
            case 2: client_.acknowledge_one(*from_client_); break;
            case 3: server_.acknowledge_one(*from_server_); break;
            default: exchange(); break;
        }
    }
    void calm_step() {
        if (from_client_->is_connected()) client_.acknowledge_one(*from_client_);
        if (from_server_->is_connected()) server_.acknowledge_one(*from_server_);
        exchange();
    }
    qos some_level() { return random_.chance(0.5) ? qos::at_least_once : qos::exactly_once; }

    void exchange() {
        say();
        deliver(client_.out, server_.heard);
        hear_at_server();
        if (failed()) return;
        say();
        deliver(server_.out, client_.heard);
        hear_at_client();
    }

    /// A random part of what was written arrives.
    void deliver(fixed_output& from, storage& to) {
        const bytes_view written = from.written();
        const std::size_t size =
            cut_chance_ == 0 ? written.size() : random_.uniform(written.size() + 1);
        const storage rest(written.begin() + static_cast<std::ptrdiff_t>(size), written.end());
        to.insert(to.end(), written.begin(), written.begin() + static_cast<std::ptrdiff_t>(size));
        from.clear();
        ASSERT_TRUE(from.put(rest));
    }

    /// Some more bytes arrive on either side, the rest is lost with the connection.
    void cut() {
        ++cuts_;
        exchange();
        connect();
    }

    void say() {
        if (from_client_->is_connected()) {
            if (from_client_->is_resuming() &&
                !from_client_->resume([&](token t) { return client_.mine.message_of(t); }))
                return;
            while (client_.started < client_.mine.said.size()) {
                const token next = client_.started + 1;
                if (!from_client_->publish(client_.mine.message_of(next), next)) break;
                ++client_.started;
            }
        }
        if (!from_server_->is_connected()) return;
        if (!server_resumed_) resume_server();
        while (server_.started < server_.mine.said.size()) {
            const token next = server_.started + 1;
            if (!from_server_->publish_now(server_.mine.message_of(next), next)) break;
            ++server_.started;
        }
    }

    void resume_server() {
        server_resumed_ = true;
        server_.kept.state.sending.for_each([&](packet_id id, send_window::slot& s) {
            if (s.at == send_window::stage::wait_pubcomp) {
                ASSERT_TRUE(from_server_->resend_pubrel(id));
            } else {
                publish p = server_.mine.message_of(s.message);
                p.id = id;
                p.dup = true;
                ASSERT_TRUE(encode(p, version_, server_.out));
            }
            s.is_written = true;
        });
    }

    void hear_at_server() {
        bytes_view in = server_.heard;
        for (;;) {
            auto e = from_server_->next(in, now_);
            if (is_idle(e)) break;
            ASSERT_FALSE(std::holds_alternative<server_session::closed>(e));
            if (const auto* p = std::get_if<publish>(&e)) server_.take(*p);
            if (const auto* p = std::get_if<server_session::released>(&e))
                note(server_, p->message);
            if (std::holds_alternative<server_session::wants_flows>(e))
                FAIL() << "the window has room";
            if (std::holds_alternative<mqtt::connect>(e)) accept();
        }
        server_.heard.erase(server_.heard.begin(),
                            server_.heard.end() - static_cast<std::ptrdiff_t>(in.size()));
    }

    void accept() {
        storage room(64);
        property_writer props{room};
        props.add(property_id::receive_maximum, for_server_.receive_maximum);
        server_.kept.state.sending.begin_connection();
        server_.kept.state.sending.set_quota(for_client_.receive_maximum);
        from_server_->lend(server_.kept.state);
        ASSERT_TRUE(from_server_->accept({has_session_, {}, props.made()}, 0));
        has_session_ = true;
    }

    void hear_at_client() {
        bytes_view in = client_.heard;
        for (;;) {
            auto e = from_client_->next(in, now_);
            if (std::holds_alternative<client_session::idle>(e)) break;
            ASSERT_FALSE(std::holds_alternative<client_session::closed>(e));
            if (const auto* p = std::get_if<publish>(&e)) client_.take(*p);
            if (const auto* p = std::get_if<client_session::repeated>(&e))
                client_.to_acknowledge.emplace_back(p->message.id, p->message.level);
            if (const auto* p = std::get_if<client_session::released>(&e))
                note(client_, p->message);
        }
        client_.heard.erase(client_.heard.begin(),
                            client_.heard.end() - static_cast<std::ptrdiff_t>(in.size()));
    }

    /// A message is let go once, and not before its flight.
    static void note(end& at, token message) {
        ASSERT_LE(message, at.started);
        for (token each : at.released) ASSERT_NE(each, message);
        at.released.push_back(message);
    }

    prng random_;
    version version_{};
    instant now_{1s};
    server_policy for_server_;
    client_policy for_client_;
    double cut_chance_ = 0;
    std::size_t cuts_ = 0;
    bool has_session_ = false;
    bool server_resumed_ = false;
    end client_, server_;
    std::optional<client_session> from_client_;
    std::optional<server_session> from_server_;
};

// [MQTT5 4.3.3-10] [MQTT5 4.3.3-6] [MQTT5 4.4.0-1] [MQTT5 4.6.0-1] [MQTT5 4.9.0-1] [MQTT5 4.9.0-2]
// [MQTT5 3.3.4-7] [MQTT5 3.3.4-9] [MQTT5 3.1.2-5]
// [MQTT311 4.3.3-1] [MQTT311 4.3.3-2] [MQTT311 4.4.0-1] [MQTT311 4.6.0-1] [MQTT311 2.3.1-3]
TEST(session_lossy_wire, loses_nothing_doubles_no_qos_2_and_keeps_the_order) {
    for (std::uint64_t seed = 1; seed <= 300 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::make_unique<lossy_world>(seed)->run();
    }
}

}  // namespace
}  // namespace nightjar::mqtt::testing
