#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/topic.hpp>

#include "fields.hpp"
#include "topic_check.hpp"

namespace nightjar::mqtt {
namespace {

/// The byte behind the protocol level. [MQTT-5 3.1.2.3]
struct connect_flags {
    std::uint8_t raw;
    bool is_set(unsigned at) const noexcept { return raw >> at & 1; }
    bool reserved() const noexcept { return is_set(0); }
    bool clean_start() const noexcept { return is_set(1); }
    bool has_will() const noexcept { return is_set(2); }
    std::uint8_t will_qos() const noexcept { return raw >> 3 & 3; }
    bool will_retain() const noexcept { return is_set(5); }
    bool has_password() const noexcept { return is_set(6); }
    bool has_user_name() const noexcept { return is_set(7); }
};

constexpr std::uint8_t bridge_bit = 0x80;

/// The version in which to answer, also where we do not speak theirs: from level 5 on as 5.0 does.
version answer_in(std::string_view name, std::uint8_t level) noexcept {
    if (name == "MQIsdp") return version::v3_1;
    return level >= 5 && level < bridge_bit ? version::v5 : version::v3_1_1;
}

/// Name and level. Sets the version even where it refuses. A wrong name at a level of 5.0 earns
/// 0x84; before, the standard has no answer to it. [MQTT-5 3.1.2.1, 3.1.2.2],
/// [MQTT-3.1.1 3.1.2-1, 3.1.2-2]
refusal read_protocol(reader& in, connect& target) noexcept {
    const std::string_view name = take_text(in);
    const std::uint8_t level = in.u8();
    target.version = answer_in(name, level);
    target.is_bridge = false;
    if (!in.ok()) return reason::malformed_packet;
    const bool is_old = name == "MQIsdp";
    if (!is_old && name != "MQTT") {
        return target.version == version::v5 ? reason::unsupported_protocol_version
                                             : reason::malformed_packet;
    }
    if (!is_old && level == 5) return {};
    target.is_bridge = level & bridge_bit;
    if ((level & ~bridge_bit) != (is_old ? 3 : 4)) return reason::unsupported_protocol_version;
    return {};
}

/// 3.1 calls what later versions forbid "unused". [MQTT-3.1.1 3.1.2-3, 3.1.2-11, 3.1.2-13 to
/// 15, 3.1.2-22]
refusal check(connect_flags flags, version v) noexcept {
    if (flags.has_will() && flags.will_qos() == 3) return reason::malformed_packet;
    if (v == version::v3_1) return {};
    if (flags.reserved()) return reason::malformed_packet;
    if (!flags.has_will() && (flags.will_qos() != 0 || flags.will_retain()))
        return reason::malformed_packet;
    if (v != version::v5 && flags.has_password() && !flags.has_user_name())
        return reason::malformed_packet;
    return {};
}

refusal read_list(reader& in, version v, property_place place, const limits& max,
                  properties& target) noexcept {
    target = {};
    if (v != version::v5) return {};
    bytes_view rest = in.rest();
    const refusal why = read_properties(rest, place, max, target);
    in = reader{rest};
    return why;
}

refusal read_will(reader& in, connect_flags flags, version v, const limits& max,
                  will& target) noexcept {
    target.level = static_cast<qos>(flags.will_qos());
    target.retain = flags.will_retain();
    if (const refusal why = read_list(in, v, property_place::will, max, target.props)) return why;
    target.topic = take_text(in);
    target.payload = take_binary(in);
    if (!in.ok()) return reason::malformed_packet;
    return refuse_topic_name(target.topic, max);
}

/// In 3.1 the remaining length outweighs the flags: the last fields may be missing. [MQTT-3.1 3.1]
bool is_there(bool flag, const reader& in, version v) noexcept {
    return flag && (v != version::v3_1 || in.left() > 0);
}

refusal read_payload(reader& in, connect_flags flags, const limits& max, connect& target) noexcept {
    target.client_id = take_text(in);
    if (!in.ok() || !is_utf8(target.client_id)) return reason::malformed_packet;
    target.last_will.reset();
    if (flags.has_will()) {
        if (const refusal why =
                read_will(in, flags, target.version, max, target.last_will.emplace()))
            return why;
    }
    target.user_name.reset();
    if (is_there(flags.has_user_name(), in, target.version)) target.user_name = take_text(in);
    target.password.reset();
    if (is_there(flags.has_password(), in, target.version)) target.password = take_binary(in);
    if (!in.ok() || in.left() > 0) return reason::malformed_packet;
    if (target.user_name && !is_utf8(*target.user_name)) return reason::malformed_packet;
    return {};
}

}  // namespace

refusal read(const frame& f, const limits& max, connect& target) noexcept {
    reader in{f.body};
    if (const refusal why = read_protocol(in, target)) return why;
    const connect_flags flags{in.u8()};
    target.keep_alive_s = in.u16();
    if (!in.ok()) return reason::malformed_packet;
    if (const refusal why = check(flags, target.version)) return why;
    target.clean_start = flags.clean_start();
    if (const refusal why =
            read_list(in, target.version, property_place::connect, max, target.props))
        return why;
    return read_payload(in, flags, max, target);
}

}  // namespace nightjar::mqtt
