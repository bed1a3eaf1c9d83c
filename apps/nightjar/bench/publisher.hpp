#pragma once
// Sends messages of its flows in turn, in one of two ways.
//
//   closed loop   so many are under way, counted by the slowest subscriber: for n that have come,
//                 n more are sent, all in one write per turn
//   open loop     when they are due, whatever the broker does; those that are late keep the time at
//                 which they were due, and their latency counts from there

#include "flow.hpp"
#include "peer.hpp"

namespace nightjar::app::benchmark {

/// When the messages of an open loop are to be sent, all publishers' together.
struct schedule {
    instant start{};
    double gap_ns = 0;

    instant due(std::uint64_t number) const noexcept {
        return start + duration(static_cast<std::int64_t>(static_cast<double>(number) * gap_ns));
    }
};

class publisher final : public peer {
public:
    using peer::peer;
    /// One more topic to publish to. Before open(); `what` outlives this.
    void add(flow& what);

    std::uint64_t sent() const noexcept { return sent_; }
    std::uint64_t acknowledged() const noexcept { return acknowledged_; }
    /// The place of a flow's message among all that this publisher sends.
    std::uint64_t to_count(const flow& of, std::uint64_t number) const noexcept {
        return number * flows_.size() + of.place;
    }
    bool is_settled() const noexcept { return sent_ == acknowledged_; }
    /// A subscriber has something new, or sending may begin.
    void go_on() noexcept { mark(); }
    /// Sends from now on when owe() says so: its n-th message is number `n * step + first` of the
    /// plan, which outlives this.
    void follow(const schedule& plan, std::uint64_t first, std::uint64_t step) noexcept {
        plan_ = &plan;
        first_ = first;
        step_ = step;
    }
    /// One more message is due now.
    void owe() noexcept {
        ++owed_;
        mark();
    }

private:
    struct model {
        flow* of = nullptr;
        std::vector<byte> packet{};  // a whole PUBLISH, without stamp and identifier
        std::size_t id_at = 0;       // where its packet identifier stands; 0 at QoS 0
        std::size_t stamp_at = 0;
    };

    void on_accepted(const mqtt::connack& answer) noexcept override;
    std::size_t on_packets(bytes_view& in) noexcept override;
    void on_ack(const mqtt::frame& what) noexcept;
    void on_through(mqtt::packet_id id) noexcept;
    void on_fence() noexcept;
    void refill() noexcept override;
    std::uint64_t limit() noexcept;
    void send_one(instant due) noexcept;
    void ask_for_fence() noexcept;
    std::uint64_t done() noexcept;
    bool is_alone() const noexcept { return flows_.front().of->sinks.empty(); }

    std::vector<model> flows_;
    std::vector<instant> due_;  // by packet identifier, where nobody but the broker answers
    std::uint64_t sent_ = 0;
    std::uint64_t acknowledged_ = 0;  // at QoS 0 with subscribers: those sent
    std::uint64_t through_ = 0;
    std::uint64_t owed_ = 0;
    std::uint64_t fence_ = 0;         // what a PINGRESP will confirm; 0: none is asked for
    const schedule* plan_ = nullptr;  // of an open loop
    std::uint64_t first_ = 0;
    std::uint64_t step_ = 0;
    std::uint16_t receive_maximum_ = 65535;
};

}  // namespace nightjar::app::benchmark
