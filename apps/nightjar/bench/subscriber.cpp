#include "subscriber.hpp"

#include <fmt/format.h>

#include <nightjar/base/expects.hpp>

#include "publisher.hpp"

namespace nightjar::app::benchmark {
namespace {

mqtt::qos level_of(const mqtt::frame& publish) noexcept {
    return static_cast<mqtt::qos>(publish.flags >> 1 & 3);
}

}  // namespace

void subscriber::expect(flow& what) {
    sinks_.push_back(std::make_unique<sink>(sink{.of = &what, .reached = &reached_[what.source]}));
    what.sinks.push_back(sinks_.back().get());
    if (by_flow_.empty()) first_flow_ = what.index;
    expects(what.index >= first_flow_, "flows are expected in order");
    by_flow_.resize(what.index - first_flow_ + 1);
    by_flow_.back() = sinks_.back().get();
}

std::size_t subscriber::on_packets(bytes_view& in) noexcept {
    heard_ = world_.loop.engine().now();
    return each_packet(in, [this](const mqtt::frame& one) {
        if (one.type == mqtt::packet_type::publish) return on_publish(one);
        if (one.type != mqtt::packet_type::pubrel) return on_other(one);
        append_ack(0x70, read_u16(one.body));
        mark();
    });
}

void subscriber::on_publish(const mqtt::frame& what) noexcept {
    const std::size_t size = world_.how.payload_size;
    const std::size_t topic_end = 2 + std::size_t{read_u16(what.body)};
    const std::size_t id_size = level_of(what) == mqtt::qos::at_most_once ? 0 : 2;
    if (what.body.size() < topic_end + id_size + size) {
        return complain("got a message that is too short");
    }
    if (level_of(what) != world_.how.level) return complain("got a message with another QoS");
    check(stamp::read(what.body.last(size).data()));
    ++world_.count;
    if (id_size != 0) answer(read_u16(what.body.subspan(topic_end)));
}

void subscriber::answer(mqtt::packet_id id) noexcept {
    append_ack(world_.how.level == mqtt::qos::at_least_once ? 0x40 : 0x50, id);
    mark();
}

void subscriber::check(const stamp& got) noexcept {
    const std::uint64_t at = got.flow() - first_flow_;  // beyond the end as well if it is below
    if (at >= by_flow_.size() || by_flow_[at] == nullptr) {
        return complain("got a message of another group");
    }
    sink& here = *by_flow_[at];
    const std::uint64_t number = got.number();
    const std::uint64_t expected = here.got.expected();
    const bool is_new = here.got.take(number);
    const bool may_lose = world_.how.level == mqtt::qos::at_most_once;
    if (is_new && (number == expected || may_lose)) {
        *here.reached = here.of->source->to_count(*here.of, number) + 1;
        here.of->source->go_on();
        return world_.latency.record(got.due, heard_);
    }
    complain(fmt::format("got message {} of group {} {}", number, got.flow(),
                         is_new ? fmt::format("but not {}: lost", expected)
                                : fmt::format("after {}: repeated or out of order", expected - 1)));
}

}  // namespace nightjar::app::benchmark
