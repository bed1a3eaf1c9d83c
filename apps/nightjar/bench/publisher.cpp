#include "publisher.hpp"

#include <fmt/format.h>

#include <nightjar/mqtt/encode.hpp>

#include <algorithm>
#include <utility>

namespace nightjar::app::benchmark {
namespace {

constexpr std::size_t burst_bytes_max = 1 << 20;  // of one write, however much is owed

mqtt::packet_id to_id(std::uint64_t count) noexcept {
    return static_cast<mqtt::packet_id>(count % 65535 + 1);
}

}  // namespace

void publisher::add(flow& what) {
    const mqtt::qos level = world_.how.level;
    const bool has_id = level != mqtt::qos::at_most_once;
    const std::vector<byte> payload(world_.how.payload_size);
    const mqtt::publish message{.topic = what.topic,
                                .payload = payload,
                                .id = static_cast<mqtt::packet_id>(has_id ? 1 : 0),
                                .level = level};
    model made{.of = &what};
    made.packet.resize(mqtt::size_of(message, world_.how.version));
    const mqtt::publish_head head = mqtt::encode_head(message, world_.how.version, made.packet);
    made.id_at = head.id_offset;
    made.stamp_at = head.size;
    what.source = this;
    what.place = static_cast<std::uint32_t>(flows_.size());
    flows_.push_back(std::move(made));
}

void publisher::on_accepted(const mqtt::connack& answer) noexcept {
    const auto limit = answer.props.number(mqtt::property_id::receive_maximum);
    if (limit) receive_maximum_ = static_cast<std::uint16_t>(*limit);
    if (is_alone() && world_.how.level != mqtt::qos::at_most_once) due_.resize(65536);
    be_ready();
}

std::size_t publisher::on_packets(bytes_view& in) noexcept {
    return each_packet(in, [this](const mqtt::frame& one) { on_ack(one); });
}

void publisher::on_ack(const mqtt::frame& what) noexcept {
    if (what.type == mqtt::packet_type::pingresp) return on_fence();
    const bool is_last =
        what.type == mqtt::packet_type::pubcomp || what.type == mqtt::packet_type::puback;
    if (!is_last && what.type != mqtt::packet_type::pubrec) return on_other(what);
    if (what.body.size() > 2 && is_failure(static_cast<mqtt::reason>(what.body[2]))) {
        const auto code = static_cast<mqtt::reason>(what.body[2]);
        return complain(fmt::format("had a message refused: {}", describe(code)));
    }
    const mqtt::packet_id id = read_u16(what.body);
    is_last ? on_through(id) : append_ack(0x62, id);
    mark();
}

void publisher::on_through(mqtt::packet_id id) noexcept {
    if (id != to_id(acknowledged_)) return complain("got an acknowledgement out of order");
    ++acknowledged_;
    if (!is_alone()) return;
    ++world_.count;
    world_.latency.record(due_[id], world_.loop.now());
}

/// Nobody answers a PUBLISH of QoS 0, but a broker answers PINGREQ after what came before it.
void publisher::ask_for_fence() noexcept {
    if (fence_ != 0 || acknowledged_ == sent_) return;
    const byte pingreq[] = {0xc0, 0};
    append(pingreq);
    fence_ = sent_;
}

void publisher::on_fence() noexcept {
    if (fence_ == 0) return complain("got a PINGRESP that it did not ask for");
    world_.count += fence_ - acknowledged_;
    acknowledged_ = std::exchange(fence_, 0);
    mark();
}

std::uint64_t publisher::done() noexcept {
    if (is_alone()) return acknowledged_;
    if (flows_.size() == 1) {
        std::uint64_t least = sent_;
        for (const sink* one : flows_.front().of->sinks) least = std::min(least, *one->reached);
        return least;
    }
    while (through_ < sent_ && flows_[through_ % flows_.size()].of->is_past(through_)) ++through_;
    return through_;
}

/// How many may have been sent in all.
std::uint64_t publisher::limit() noexcept {
    const bool has_id = flows_.front().id_at != 0;
    std::uint64_t until = owed_;
    if (!plan_) until = world_.is_sending ? done() + world_.how.inflight : sent_;
    return has_id ? std::min(until, acknowledged_ + receive_maximum_) : until;
}

void publisher::refill() noexcept {
    const std::uint64_t wanted = limit();
    const std::uint64_t burst = burst_bytes_max / flows_.front().packet.size() + 1;
    const std::uint64_t until = std::min(wanted, sent_ + burst);
    if (until < wanted) mark();
    const instant now = sent_ < until ? world_.loop.now() : instant{};
    while (sent_ < until) {
        const instant due = plan_ ? plan_->due(first_ + sent_ * step_) : now;
        if (plan_) world_.lateness.record(due, now);
        send_one(due);
    }
    if (flows_.front().id_at != 0) return;
    if (is_alone()) return ask_for_fence();
    acknowledged_ = sent_;
}

void publisher::send_one(instant due) noexcept {
    const model& next = flows_[flows_.size() == 1 ? 0 : sent_ % flows_.size()];
    byte* at = append(next.packet);
    const std::uint64_t mark = stamp::to_mark(next.of->index, next.of->sent++);
    stamp{.mark = mark, .due = due}.write(at + next.stamp_at);
    if (next.id_at != 0) {
        const mqtt::packet_id id = to_id(sent_);
        at[next.id_at] = static_cast<byte>(id >> 8);
        at[next.id_at + 1] = static_cast<byte>(id);
        if (!due_.empty()) due_[id] = due;
    }
    ++sent_;
}

}  // namespace nightjar::app::benchmark
