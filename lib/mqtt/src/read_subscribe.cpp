#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/topic.hpp>

#include "fields.hpp"
#include "fixed_header.hpp"
#include "request_head.hpp"
#include "topic_check.hpp"

namespace nightjar::mqtt {
namespace {

/// The byte behind each filter; 3.x has the QoS in it and nothing else. [MQTT-5 3.8.3.1]
refusal check_options(std::uint8_t options, version v, std::string_view filter) noexcept {
    const std::uint8_t reserved = v == version::v5 ? 0xC0 : 0xFC;
    if (options & reserved) return reason::malformed_packet;
    const bool no_local = options & 0x04;
    if ((options & 0x03) == 3 || (options & 0x30) == 0x30) return reason::protocol_error;
    if (no_local && shared(filter)) return reason::protocol_error;  // [MQTT-5 3.8.3-4]
    return {};
}

refusal check_subscriptions(bytes_view raw, version v, const limits& max) noexcept {
    if (raw.empty()) return reason::protocol_error;
    for (reader in{raw}; in.left() > 0;) {
        const std::string_view filter = take_text(in);
        const std::uint8_t options = in.u8();
        if (!in.ok()) return reason::malformed_packet;
        if (const refusal why = refuse_topic_filter(filter, max)) return why;
        if (const refusal why = check_options(options, v, filter)) return why;
    }
    return {};
}

refusal check_filters(bytes_view raw, const limits& max) noexcept {
    if (raw.empty()) return reason::protocol_error;
    for (reader in{raw}; in.left() > 0;) {
        const std::string_view filter = take_text(in);
        if (!in.ok()) return reason::malformed_packet;
        if (const refusal why = refuse_topic_filter(filter, max)) return why;
    }
    return {};
}

}  // namespace

refusal read(const frame& f, version v, const limits& max, subscribe& target) noexcept {
    if (!are_request_flags(f.flags, v)) return reason::malformed_packet;
    bytes_view rest = f.body;
    if (const refusal why =
            read_request_head(rest, v, property_place::subscribe, max, target.id, target.props))
        return why;
    target.filters = subscription_list{rest};
    return check_subscriptions(rest, v, max);
}

refusal read(const frame& f, version v, const limits& max, unsubscribe& target) noexcept {
    if (!are_request_flags(f.flags, v)) return reason::malformed_packet;
    bytes_view rest = f.body;
    if (const refusal why =
            read_request_head(rest, v, property_place::unsubscribe, max, target.id, target.props))
        return why;
    target.filters = filter_list{rest};
    return check_filters(rest, max);
}

}  // namespace nightjar::mqtt
