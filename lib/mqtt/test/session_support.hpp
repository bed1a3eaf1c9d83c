#pragma once
// A server_session with everything it borrows, and the two ways to talk with it: packets in,
// packets out.

#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>
#include <nightjar/mqtt/server_session.hpp>

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <vector>

namespace nightjar::mqtt::testing {

using storage = std::vector<byte>;

/// The bytes of a packet.
inline storage wire(const packet& p, version v) {
    storage room(70'000);
    fixed_output out{room};
    EXPECT_TRUE(encode(p, v, out));
    return {out.written().begin(), out.written().end()};
}

/// All packets in `in`, which holds whole ones only; views into `in`.
inline std::vector<packet> packets_in(bytes_view in, version v) {
    std::vector<packet> found;
    while (!in.empty()) {
        step at = decode(in, v, limits{});
        const auto* one = std::get_if<framed>(&at);
        if (!one) {
            ADD_FAILURE() << "an output that does not decode";
            return found;
        }
        found.push_back(one->what);
        in = in.subspan(one->size);
    }
    return found;
}

inline connect hello(version v, std::string_view client_id = "c") {
    connect p;
    p.version = v;
    p.client_id = client_id;
    return p;
}

inline publish message(qos level, packet_id id = 0, std::string_view topic = "t") {
    publish p;
    p.topic = topic;
    p.level = level;
    p.id = id;
    return p;
}

/// Two windows of `Slots` each with their storage.
template <std::size_t Slots>
struct kept_flows {
    std::array<send_window::slot, Slots> slots{};
    std::array<packet_id, Slots> ids{};
    flows state{send_window{slots}, receive_window{ids}};
};

class served {
public:
    using event = server_session::event;

    explicit served(const server_policy& with = {}, std::size_t room = 70'000)
        : policy(with), room_(room), out(room_), session(policy, out, now) {}

    /// The session reads these bytes and says what it says first.
    event hear(storage raw) {
        heard_.push_back(std::move(raw));
        left = heard_.back();
        return session.next(left, now);
    }
    event hear(const packet& p) { return hear(wire(p, session.version())); }
    event hear(const connect& p) { return hear(wire(p, p.version)); }

    /// What the session wrote since the last call.
    std::vector<packet> answers() {
        const bytes_view written = out.written();
        said_.emplace_back(written.begin(), written.end());
        out.clear();
        return packets_in(said_.back(), session.version());
    }
    bytes_view raw_answers() const { return out.written(); }

    void connect_as(version v, std::uint16_t keep_alive_s = 0) {
        const auto e = hear(hello(v));
        ASSERT_TRUE(std::holds_alternative<connect>(e));
        ASSERT_TRUE(session.accept({}, keep_alive_s));
        ASSERT_EQ(answers().size(), 1u);
    }

    server_policy policy;
    instant now{1000s};

private:
    storage room_;
    std::deque<storage> heard_, said_;

public:
    fixed_output out;
    bytes_view left;  ///< What the session left of the bytes it last heard.
    kept_flows<8> kept;
    server_session session;
};

template <class Event>
const Event& as(const server_session::event& e) {
    const auto* found = std::get_if<Event>(&e);
    if (!found) ADD_FAILURE() << "another event: " << e.index();
    static const Event none{};
    return found ? *found : none;
}

template <class Packet>
const Packet& only(const std::vector<packet>& all) {
    static const Packet none{};
    const auto* found = all.size() == 1 ? std::get_if<Packet>(&all[0]) : nullptr;
    if (!found) ADD_FAILURE() << "not the one packet that was expected; there are " << all.size();
    return found ? *found : none;
}

inline bool is_idle(const server_session::event& e) {
    return std::holds_alternative<server_session::idle>(e);
}
inline bool is_closed(const server_session::event& e, reason code) {
    const auto* found = std::get_if<server_session::closed>(&e);
    return found && found->code == code;
}

inline std::string version_name(const ::testing::TestParamInfo<version>& v) {
    return v.param == version::v5 ? "v5" : v.param == version::v3_1_1 ? "v3_1_1" : "v3_1";
}

}  // namespace nightjar::mqtt::testing
