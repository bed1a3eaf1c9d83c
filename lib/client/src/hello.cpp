#include "hello.hpp"

#include <nightjar/mqtt/topic.hpp>

#include <array>

namespace nightjar::client {
namespace {

using mqtt::property_id;

constexpr std::uint32_t packet_max_default = 268'435'460;

mqtt::properties given(const options& how) noexcept {
    return mqtt::properties{bytes_view{how.properties}};
}

std::uint32_t number_or(const options& how, property_id id, std::uint32_t ours) noexcept {
    return how.version == mqtt::version::v5 ? given(how).number(id).value_or(ours) : ours;
}

/// Appends what the caller did not set and what is not the standard's default.
void add_property(std::vector<byte>& list, const options& how, property_id id, std::uint32_t value,
                  std::uint32_t if_absent) {
    if (value == if_absent || given(how).number(id)) return;
    std::array<byte, 8> room{};
    mqtt::property_writer writer(room);
    const bytes_view made = writer.add(id, value).made().raw();
    list.insert(list.end(), made.begin(), made.end());
}

mqtt::will view_of(const will_message& what) noexcept {
    return {.topic = what.topic,
            .payload = as_bytes(what.payload),
            .level = what.level,
            .retain = what.retain,
            .props = mqtt::properties{bytes_view{what.properties}}};
}

std::vector<byte> connect_properties(const options& how) {
    std::vector<byte> list = how.properties;
    const mqtt::client_policy policy = policy_of(how);
    add_property(list, how, property_id::session_expiry_interval, how.session_expiry_s.value_or(0),
                 0);
    add_property(list, how, property_id::receive_maximum, policy.receive_maximum, 65535);
    add_property(list, how, property_id::topic_alias_maximum, policy.topic_alias_maximum, 0);
    add_property(list, how, property_id::maximum_packet_size, policy.in.packet_max,
                 packet_max_default);
    return list;
}

}  // namespace

mqtt::connect make_hello(const options& how, std::string_view client_id, bool clean_start,
                         std::vector<byte>& room) {
    mqtt::connect p;
    p.version = how.version;
    p.clean_start = clean_start;
    p.keep_alive_s = how.keep_alive_s;
    p.client_id = client_id;
    if (how.user_name) p.user_name = *how.user_name;
    if (how.password) p.password = as_bytes(*how.password);
    if (how.will) p.last_will = view_of(*how.will);
    room.clear();
    if (how.version == mqtt::version::v5) room = connect_properties(how);
    p.props = mqtt::properties{bytes_view{room}};
    return p;
}

mqtt::client_policy policy_of(const options& how) noexcept {
    mqtt::client_policy p;
    p.in = how.in;
    p.in.packet_max = number_or(how, property_id::maximum_packet_size, how.in.packet_max);
    p.receive_maximum = static_cast<std::uint16_t>(
        number_or(how, property_id::receive_maximum, how.receive_maximum));
    p.topic_alias_maximum = static_cast<std::uint16_t>(
        number_or(how, property_id::topic_alias_maximum, how.topic_alias_maximum));
    p.in_flight_max = how.in_flight_max;
    p.answer_within = how.answer_within;
    return p;
}

bool is_durable(const options& how) noexcept {
    if (how.version != mqtt::version::v5) return !how.clean_start;
    return number_or(how, property_id::session_expiry_interval, how.session_expiry_s.value_or(0)) !=
           0;
}

bool is_sound(const options& how) noexcept {
    const bool is_v5 = how.version == mqtt::version::v5;
    if (how.in_flight_max == 0 || how.receive_maximum == 0) return false;
    // A 3.x server must refuse an empty identifier that wants its session kept.
    // [MQTT-3.1.1 3.1.3-8]
    if (!is_v5 && how.client_id.empty() && !how.clean_start) return false;
    if (!is_v5 && how.password && !how.user_name) return false;  // [MQTT-3.1.1 3.1.2-22]
    if (!mqtt::is_utf8(how.client_id) || how.client_id.size() > 65535) return false;
    if (!how.response_topic.empty() && !mqtt::is_topic_name(how.response_topic, how.in))
        return false;
    return !how.will || mqtt::is_topic_name(how.will->topic, how.in);
}

}  // namespace nightjar::client
