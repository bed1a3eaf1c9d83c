#include "group.hpp"

#include <fmt/format.h>

#include <nightjar/mqtt/encode.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace nightjar::app::benchmark {
namespace {

mqtt::qos level_of(const mqtt::frame& publish) noexcept {
    return static_cast<mqtt::qos>(publish.flags >> 1 & 3);
}

/// 0, which no packet has, where there are no two bytes.
mqtt::packet_id id_at(bytes_view at) noexcept {
    return at.size() < 2 ? mqtt::packet_id{} : static_cast<mqtt::packet_id>(at[0] << 8 | at[1]);
}

}  // namespace

void subscriber::on_accepted(const mqtt::connack&) noexcept {
    std::array<byte, 256> list;
    writer entries(list);
    mqtt::subscription_list::put(entries, {.filter = group_.topic(), .maximum = world_.how.level});
    std::array<byte, 300> room;
    fixed_output out(room);
    const mqtt::subscribe ask{.id = 1, .filters = mqtt::subscription_list(entries.written())};
    if (!mqtt::encode(ask, world_.how.version, out)) return complain("has too long a filter");
    append(out.written());
    mark();
}

void subscriber::on_suback(const mqtt::suback& answer) noexcept {
    if (answer.codes.size() != 1) return complain("got a SUBACK for something else");
    if (answer.codes[0] != static_cast<byte>(world_.how.level)) {
        const auto code = static_cast<mqtt::reason>(answer.codes[0]);
        return complain(fmt::format("was granted another subscription: {}", describe(code)));
    }
    be_ready();
}

std::size_t subscriber::on_packets(bytes_view& in) noexcept {
    const std::size_t missing = each_packet(in, [this](const mqtt::frame& one) {
        if (one.type == mqtt::packet_type::publish) return on_publish(one);
        if (one.type != mqtt::packet_type::pubrel) return on_other(one);
        append_ack(0x70, id_at(one.body));
        mark();
    });
    group_.source().go_on();
    return missing;
}

void subscriber::on_publish(const mqtt::frame& what) noexcept {
    const std::size_t size = world_.how.payload_size;
    const std::size_t id_size = level_of(what) == mqtt::qos::at_most_once ? 0 : 2;
    if (what.body.size() < 2 + group_.topic().size() + id_size + size) {
        return complain("got a message that is too short");
    }
    if (level_of(what) != world_.how.level) return complain("got a message with another QoS");
    check(what.body.last(size));
    ++world_.delivered;
    if (world_.how.level != mqtt::qos::at_most_once) answer(what);
}

void subscriber::answer(const mqtt::frame& what) noexcept {
    const mqtt::packet_id id = id_at(what.body.subspan(2 + group_.topic().size()));
    append_ack(world_.how.level == mqtt::qos::at_least_once ? 0x40 : 0x50, id);
    mark();
}

void subscriber::check(bytes_view payload) noexcept {
    std::uint64_t stamp = 0;
    std::memcpy(&stamp, payload.data(), sizeof stamp);
    const std::uint64_t number = stamp - to_mark(group_.index(), 0);
    if (number >> 40 != 0) return complain("got a message of another group");
    const std::uint64_t expected = got_.expected();
    const bool is_new = got_.take(number);
    const bool may_lose = world_.how.level == mqtt::qos::at_most_once;
    if (is_new && (number == expected || may_lose)) return;
    complain(fmt::format("got message {} of group {} {}", number, group_.index(),
                         is_new ? fmt::format("but not {}: lost", expected)
                                : fmt::format("after {}: repeated or out of order", expected - 1)));
}

publisher::publisher(group& of, world& where, std::string client_id)
    : peer(where, std::move(client_id)), group_(of) {
    const bool has_id = where.how.level != mqtt::qos::at_most_once;
    const std::vector<byte> payload(where.how.payload_size);
    const mqtt::publish message{.topic = of.topic(),
                                .payload = payload,
                                .id = static_cast<mqtt::packet_id>(has_id ? 1 : 0),
                                .level = where.how.level};
    model_.resize(mqtt::size_of(message, where.how.version));
    const mqtt::publish_head head = mqtt::encode_head(message, where.how.version, model_);
    id_at_ = head.id_offset;
    number_at_ = head.size;
}

void publisher::on_accepted(const mqtt::connack& answer) noexcept {
    const auto limit = answer.props.number(mqtt::property_id::receive_maximum);
    if (limit) receive_maximum_ = static_cast<std::uint16_t>(*limit);
    be_ready();
}

std::size_t publisher::on_packets(bytes_view& in) noexcept {
    return each_packet(in, [this](const mqtt::frame& one) { on_ack(one); });
}

void publisher::on_ack(const mqtt::frame& what) noexcept {
    const bool is_last =
        what.type == mqtt::packet_type::pubcomp || what.type == mqtt::packet_type::puback;
    if (!is_last && what.type != mqtt::packet_type::pubrec) return on_other(what);
    if (what.body.size() > 2 && is_failure(static_cast<mqtt::reason>(what.body[2]))) {
        const auto code = static_cast<mqtt::reason>(what.body[2]);
        return complain(fmt::format("had a message refused: {}", describe(code)));
    }
    if (is_last) {
        ++acknowledged_;
    } else {
        append_ack(0x62, id_at(what.body));
    }
    mark();
}

void publisher::refill() noexcept {
    if (!world_.is_sending) return;
    std::uint64_t until = group_.slowest() + world_.how.inflight;
    if (id_at_ != 0) until = std::min(until, acknowledged_ + receive_maximum_);
    if (until <= sent_) return;
    byte* at = append_room((until - sent_) * model_.size());
    for (; sent_ < until; ++sent_, at += model_.size()) {
        std::memcpy(at, model_.data(), model_.size());
        const std::uint64_t stamp = to_mark(group_.index(), sent_);
        std::memcpy(at + number_at_, &stamp, sizeof stamp);
        if (id_at_ == 0) continue;
        const auto id = static_cast<mqtt::packet_id>(sent_ % 65535 + 1);
        at[id_at_] = static_cast<byte>(id >> 8);
        at[id_at_ + 1] = static_cast<byte>(id);
    }
    if (id_at_ == 0) acknowledged_ = sent_;
}

group::group(world& where, std::uint32_t index)
    : index_(index),
      topic_(fmt::format("bench/{}", index)),
      source_(*this, where, fmt::format("bench-p-{}", index)) {
    for (std::uint32_t i = 0; i < where.how.subscribers; ++i) {
        sinks_.push_back(
            std::make_unique<subscriber>(*this, where, fmt::format("bench-s-{}-{}", index, i)));
    }
}

std::uint64_t group::slowest() const noexcept {
    std::uint64_t least = sinks_.front()->got().expected();
    for (const auto& one : sinks_) least = std::min(least, one->got().expected());
    return least;
}

std::uint64_t group::lost(bool is_silent) const noexcept {
    std::uint64_t sum = 0;
    for (const auto& one : sinks_) {
        sum += one->got().lost();
        if (is_silent) sum += source_.sent() - one->got().expected();
    }
    return sum;
}

}  // namespace nightjar::app::benchmark
