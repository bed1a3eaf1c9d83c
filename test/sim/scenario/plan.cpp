#include "scenario/plan.hpp"

#include <fmt/format.h>

namespace nightjar::sim {
namespace {

using policy = broker::listener_config::slow_policy;

broker::broker_config draw_config(prng& from, bool has_limits, bool is_short) {
    broker::broker_config how;
    how.sys_interval = std::chrono::seconds(0);
    how.queue_qos0_messages = from.chance(0.3);
    how.max_inflight_messages = static_cast<std::uint16_t>(1 + from.uniform(20));
    if (from.chance(0.2)) how.max_inflight_bytes = 1 + from.uniform(3000);
    how.max_queued_messages = 0;
    if (has_limits && from.chance(0.8))
        how.max_queued_messages = static_cast<std::uint32_t>(1 + from.uniform(20));
    if (has_limits && from.chance(0.5)) how.max_queued_bytes = 20 + from.uniform(5000);
    if (is_short) how.memory_limit = 1'000'000 + from.uniform(1'000'000);
    return how;
}

broker::listener_config draw_door(prng& from, bool has_limits) {
    broker::listener_config how;
    how.slow_subscriber_policy = static_cast<policy>(from.uniform(3));
    how.max_topic_alias = static_cast<std::uint16_t>(from.uniform(6));
    how.max_topic_alias_broker = static_cast<std::uint16_t>(from.uniform(6));
    if (has_limits && from.chance(0.5))
        how.max_outgoing_buffer_bytes = static_cast<std::uint32_t>(1024 + from.uniform(20'000));
    return how;
}

habits draw_habits(prng& from) {
    habits does;
    does.expires = from.chance(0.5);
    does.delays_wills = from.chance(0.5);
    does.gathers_rivals = from.chance(0.4);
    does.reads_slowly = from.chance(0.4);
    does.shares = from.chance(0.5);
    does.aliases = from.chance(0.5);
    return does;
}

}  // namespace

/// Most worlds are small, so that many fit into a minute; some are large.
plan plan::draw(prng& from) {
    plan made;
    made.weather = faults::draw(from);
    made.does = draw_habits(from);
    const bool is_large = from.chance(0.1);
    made.workers = static_cast<unsigned>(1 + from.uniform(from.chance(0.5) ? 3 : 8));
    made.guests = static_cast<unsigned>(2 + from.uniform(is_large ? 16 : 6));
    made.storm = 1s * (20 + from.uniform(is_large ? 300 : 150));
    made.has_limits = from.chance(0.25);
    made.is_short = from.chance(0.15);
    made.config = draw_config(from, made.has_limits, made.is_short);
    made.door = draw_door(from, made.has_limits);
    return made;
}

duration plan::stray_max() const noexcept {
    const duration parted = weather.partitions > 0 ? weather.partition_max : 0s;
    return 2 * parted + 10s;
}

pressures plan::pressure() const noexcept {
    return {.refuses = is_short,
            .dismisses = may_drop() && door.slow_subscriber_policy == policy::disconnect};
}

std::string plan::text() const {
    static constexpr std::string_view words[] = {" drop-newest", " drop-oldest", " disconnect"};
    std::string has;
    if (does.expires) has += " expiry";
    if (does.delays_wills) has += " delays";
    if (does.gathers_rivals) has += " rivals";
    if (does.reads_slowly) has += " slow";
    if (does.shares) has += " shared";
    if (does.aliases) has += " aliases";
    if (has_limits) has += " limits";
    if (is_short) has += " memory";
    if (may_drop()) has += words[static_cast<std::size_t>(door.slow_subscriber_policy)];
    return fmt::format("{} workers, {} clients, {} s:{}; {}", workers, guests,
                       std::chrono::duration_cast<std::chrono::seconds>(storm).count(), has,
                       weather.text());
}

}  // namespace nightjar::sim
