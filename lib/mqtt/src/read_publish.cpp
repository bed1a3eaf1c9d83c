#include <nightjar/mqtt/decode.hpp>

#include "fields.hpp"
#include "topic_check.hpp"

namespace nightjar::mqtt {
namespace {

/// Drops the properties from `rest`. Most messages have none.
refusal read_list(bytes_view& rest, const limits& max, publish& target) noexcept {
    if (!rest.empty() && rest[0] == 0) [[likely]]
        rest = rest.subspan(1);
    else if (const refusal why = read_properties(rest, property_place::publish, max, target.props))
        return why;
    // An empty name stands for the one that the alias knows. [MQTT-5 3.3.2.3.4]
    if (target.topic.empty() && !target.props.number(property_id::topic_alias))
        return reason::protocol_error;
    return {};
}

}  // namespace

refusal read(const frame& f, version v, const limits& max, publish& target) noexcept {
    reader in{f.body};
    target.retain = f.flags & 1;
    target.level = static_cast<qos>(f.flags >> 1 & 3);
    target.dup = f.flags >> 3 & 1;
    target.topic = take_text(in);
    target.id = target.level == qos::at_most_once ? packet_id{0} : in.u16();
    if (!in.ok()) [[unlikely]]
        return reason::malformed_packet;
    if (target.level != qos::at_most_once && target.id == 0) return reason::protocol_error;
    const bool is_5 = v == version::v5;
    if (!is_plain_name(target.topic, max) && (!is_5 || !target.topic.empty())) {
        if (const refusal why = refuse_topic_name(target.topic, max)) [[unlikely]]
            return why;
    }
    target.props = {};
    bytes_view rest = in.rest();
    if (is_5) {
        if (const refusal why = read_list(rest, max, target)) return why;
    }
    target.payload = rest;
    return {};
}

}  // namespace nightjar::mqtt
