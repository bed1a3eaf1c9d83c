// Bytes and operations on a server_session. However the bytes are split into calls, the events and
// answers are the same; and whatever comes, no promise is broken.
//
//      | settings | n | n operations | bytes of the client ... |

#include <nightjar/mqtt/encode.hpp>
#include <nightjar/mqtt/server_session.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

using namespace nightjar;
using namespace nightjar::mqtt;

namespace {

constexpr instant start{1000s};

struct script {
    byte settings = 0;
    bytes_view operations;
    bytes_view client;

    bool is_set(unsigned bit) const { return settings >> bit & 1; }
};

script script_of(bytes_view data) {
    script s;
    if (data.size() < 2) return s;
    s.settings = data[0];
    const std::size_t count = std::min<std::size_t>(data[1] & 15, data.size() - 2);
    s.operations = data.subspan(2, count);
    s.client = data.subspan(2 + count);
    return s;
}

void must(bool kept) {
    if (!kept) std::abort();
}

/// An owner that decides by the script alone, and notes all that happens.
class owner {
public:
    explicit owner(const script& s) : script_(s), session_(policy_of(s), out_, start) {}

    /// Reads as far as it goes; returns how many bytes were eaten.
    std::size_t read(bytes_view in) {
        const std::size_t size = in.size();
        for (;;) {
            const auto e = session_.next(in, start);
            if (std::holds_alternative<server_session::idle>(e)) return size - in.size();
            note(e.index());
            std::visit([this](const auto& what) { on(what); }, e);
            drain();
            if (session_.is_closed()) return finish(in, size);
            operate();
            must(flows_.sending.in_flight() <= slots_.size());
            must(flows_.receiving.held() <= ids_.size());
        }
    }
    bool is_closed() const { return session_.is_closed(); }
    const std::vector<byte>& trace() {
        drain();
        return trace_;
    }

private:
    const server_policy& policy_of(const script& s) {
        policy_.in.packet_max = s.is_set(0) ? 200 : 100'000;
        policy_.receive_maximum = s.is_set(1) ? 2 : 65535;
        policy_.topic_alias_maximum = s.is_set(2) ? 3 : 0;
        policy_.maximum_qos = s.is_set(3) ? qos::at_least_once : qos::exactly_once;
        policy_.retain_available = !s.is_set(4);
        return policy_;
    }

    std::size_t finish(bytes_view in, std::size_t size) {
        const std::size_t left = in.size();
        must(std::holds_alternative<server_session::closed>(session_.next(in, start)));
        must(in.size() == left);
        must(session_.deadline() == never);
        must(!session_.publish_now(some_publish(0), 0));
        return size - left;
    }

    void on(const connect& p) {
        note(p.client_id);
        if (script_.is_set(5) && p.version == version::v5)
            note(session_.send_auth({reason::continue_authentication, p.props}));
        else
            note(session_.accept({.session_present = !p.clean_start, .code = {}, .props = {}},
                                 p.keep_alive_s));
    }
    void on(const auth& p) {
        note(static_cast<byte>(p.code));
        if (!session_.is_connected()) note(session_.accept({}, 0));
    }
    void on(const publish& p) {
        note(p.topic);
        note(as_text(p.payload));
        note(p.id);
        if (p.level == qos::at_most_once || script_.is_set(6)) return;
        note(session_.acknowledge(p.id, p.level,
                                  script_.is_set(7) ? reason::quota_exceeded : reason::success));
    }
    void on(const subscribe& p) {
        std::array<byte, 64> codes{};
        std::size_t count = 0;
        for (auto rest = p.filters; !rest.empty() && count < codes.size(); ++count)
            note(rest.take().filter);
        note(session_.suback({p.id, bytes_view{codes}.first(count), {}}));
    }
    void on(const unsubscribe& p) {
        for (auto rest = p.filters; !rest.empty();) note(rest.take());
        note(session_.unsuback({p.id, {}, {}}));
    }
    void on(const disconnect& p) { note(static_cast<byte>(p.code)); }
    void on(server_session::released what) {
        must(what.message != 0);
        note(what.message);
    }
    void on(server_session::closed what) { note(static_cast<byte>(what.code)); }
    void on(server_session::wants_flows) { session_.lend(flows_); }
    void on(server_session::completed) {}
    void on(const server_session::repeated& what) { note(what.what.topic); }
    void on(server_session::idle) {}

    publish some_publish(unsigned level) const {
        publish p;
        p.topic = "to/client";
        p.level = static_cast<qos>(level);
        return p;
    }

    /// One of the script's, in turn, after each event.
    void operate() {
        if (script_.operations.empty() || !session_.is_connected()) return;
        const byte op = script_.operations[turn_++ % script_.operations.size()];
        session_.lend(flows_);
        switch (op % 8) {
            case 0:
            case 1:
            case 2: note(session_.publish_now(some_publish(op % 8), turn_)); break;
            case 3:
                note(session_.acknowledge(op, qos::exactly_once, static_cast<reason>(op & 0x80)));
                break;
            case 4: note(session_.resend_pubrel(op)); break;
            case 5: note(session_.tick(start + std::chrono::seconds(op)).index()); break;
            case 6: flows_.sending.set_quota(op); break;
            case 7:
                if (op == 0xFF) session_.disconnect_now(reason::server_busy);
                break;
        }
    }

    void note(std::size_t number) {
        for (int i = 0; i < 4; ++i) trace_.push_back(static_cast<byte>(number >> (8 * i)));
    }
    void note(std::string_view text) {
        note(text.size());
        trace_.insert(trace_.end(), text.begin(), text.end());
    }
    /// Only after an event: where the room ends must not depend on the split.
    void drain() {
        note(as_text(out_.written()));
        out_.clear();
    }

    const script& script_;
    server_policy policy_;
    std::array<byte, 300> room_{};
    fixed_output out_{room_};
    std::array<send_window::slot, 8> slots_{};
    std::array<packet_id, 4> ids_{};
    flows flows_{send_window{slots_}, receive_window{ids_}};
    server_session session_;
    std::vector<byte> trace_;
    std::size_t turn_ = 0;
};

/// The trace where the bytes come `piece(position)` at a time.
template <class Piece>
std::vector<byte> trace_of(const script& s, Piece&& piece) {
    owner at{s};
    std::vector<byte> kept;
    for (std::size_t position = 0; position < s.client.size() && !at.is_closed();) {
        const std::size_t size = std::min<std::size_t>(piece(position), s.client.size() - position);
        const auto arrived = s.client.subspan(position, size);
        kept.insert(kept.end(), arrived.begin(), arrived.end());
        position += size;
        // A copy of its own, so that the address sanitizer sees a view that is kept too long.
        const std::vector<byte> lent = kept;
        kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(at.read(lent)));
    }
    return at.trace();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const script s = script_of({data, size});
    const auto whole = trace_of(s, [&](std::size_t) { return s.client.size(); });
    must(whole == trace_of(s, [](std::size_t) { return std::size_t{1}; }));
    must(whole == trace_of(s, [&](std::size_t at) { return 1 + (s.client[at] * 7u + at) % 13; }));
    return 0;
}
