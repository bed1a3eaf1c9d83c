// -D COMMAND IDENTIFIER [NAME] VALUE
#include <fmt/format.h>

#include <nightjar/mqtt/properties.hpp>
#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <array>

#include "flags.hpp"

namespace nightjar::app {
namespace {

using mqtt::property_id;
using mqtt::property_kind;

struct command {
    std::string_view name;
    std::vector<byte>& (*list)(settings&);
    std::span<const property_id> allowed;
};

constexpr auto in_connect = std::to_array<property_id>(
    {property_id::authentication_data, property_id::authentication_method,
     property_id::maximum_packet_size, property_id::receive_maximum,
     property_id::request_problem_information, property_id::request_response_information,
     property_id::session_expiry_interval, property_id::topic_alias_maximum,
     property_id::user_property});
constexpr auto in_publish = std::to_array<property_id>(
    {property_id::content_type, property_id::correlation_data, property_id::message_expiry_interval,
     property_id::payload_format_indicator, property_id::response_topic, property_id::topic_alias,
     property_id::user_property});
constexpr auto in_subscribe =
    std::to_array<property_id>({property_id::subscription_identifier, property_id::user_property});
constexpr auto in_unsubscribe = std::to_array<property_id>({property_id::user_property});
constexpr auto in_disconnect =
    std::to_array<property_id>({property_id::session_expiry_interval, property_id::user_property});
constexpr auto in_auth = std::to_array<property_id>(
    {property_id::authentication_data, property_id::reason_string, property_id::user_property});
constexpr auto in_will = std::to_array<property_id>(
    {property_id::content_type, property_id::correlation_data, property_id::message_expiry_interval,
     property_id::payload_format_indicator, property_id::response_topic, property_id::user_property,
     property_id::will_delay_interval});

template <std::vector<byte> settings::*which>
std::vector<byte>& list_of(settings& s) {
    return s.*which;
}

std::vector<byte>& connect_list(settings& s) { return s.how.properties; }

const std::array commands{
    command{"connect", connect_list, in_connect},
    command{"publish", list_of<&settings::publish_properties>, in_publish},
    command{"subscribe", list_of<&settings::subscribe_properties>, in_subscribe},
    command{"unsubscribe", list_of<&settings::unsubscribe_properties>, in_unsubscribe},
    command{"disconnect", list_of<&settings::disconnect_properties>, in_disconnect},
    command{"auth", list_of<&settings::auth_properties>, in_auth},
    command{"will", list_of<&settings::will_properties>, in_will}};

/// Acknowledgements are the client library's.
constexpr std::array<std::string_view, 4> commands_without = {"puback", "pubrec", "pubrel",
                                                              "pubcomp"};

/// What the standard lets a server say in there is no mistake of the standard's. [MQTT-5 2.2.2.2]
bool is_servers(std::string_view command, property_id id) noexcept {
    return command == "publish" && id == property_id::subscription_identifier;
}

usage_error too_few() { return {"--property argument given but not enough arguments specified."}; }

bool is_same(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

std::optional<property_id> property_named(std::string_view name) noexcept {
    for (unsigned number = 1; number != 0x2B; ++number) {
        const auto id = static_cast<property_id>(number);
        if (!mqtt::name_of(id).empty() && is_same(mqtt::name_of(id), name)) return id;
    }
    return std::nullopt;
}

long long most_of(property_id id) noexcept {
    // A number that says yes or no has no third value. [MQTT-5 3.3.2.3.2, 3.1.2.11.6]
    switch (mqtt::kind_of(id)) {
        case property_kind::u8: return 1;
        case property_kind::u16: return 0xFFFF;
        case property_kind::u32: return 0xFFFFFFFF;
        case property_kind::var_int: return 268'435'455;
        case property_kind::none:
        case property_kind::text:
        case property_kind::binary:
        case property_kind::text_pair: break;
    }
    return 0;
}

constexpr std::size_t properties_max = 64 * 1024;  // of one packet

trouble add_number(mqtt::property_writer& out, property_id id, std::string_view name,
                   std::string_view value) {
    const bool may_be_zero = id != property_id::topic_alias && id != property_id::receive_maximum &&
                             id != property_id::maximum_packet_size &&
                             id != property_id::subscription_identifier;
    const auto number = to_number(value, may_be_zero ? 0 : 1, most_of(id));
    if (!number)
        return usage_error{
            fmt::format("Property value ({}) out of range for property {}.", value, name)};
    out.add(id, static_cast<std::uint32_t>(*number));
    return {};
}

trouble add(const command& to, settings& target, property_id id, std::string_view name,
            argument_list& rest) {
    const std::string_view first = rest.take();
    const property_kind kind = mqtt::kind_of(id);
    const bool is_pair = kind == property_kind::text_pair;
    if (is_pair && rest.empty()) return too_few();
    const std::string_view second = is_pair ? rest.take() : std::string_view{};
    if ((is_pair || kind == property_kind::text) &&
        !(mqtt::is_utf8(first) && mqtt::is_utf8(second)))
        return usage_error{fmt::format("Malformed UTF-8 in the value of property {}.", name)};
    if (id == property_id::response_topic && !mqtt::is_topic_name(first, mqtt::limits{}))
        return usage_error{
            fmt::format("Invalid response topic '{}', does it contain '+' or '#'?", first)};
    std::vector<byte> room(first.size() + second.size() + 16);
    mqtt::property_writer out(room);
    if (is_pair)
        out.add(first, second);
    else if (kind == property_kind::text)
        out.add(id, first);
    else if (kind == property_kind::binary)
        out.add(id, as_bytes(first));
    else if (auto bad = add_number(out, id, name, first))
        return bad;
    if (!out.ok()) return usage_error{fmt::format("The value of property {} is too long.", name)};
    const bytes_view made = out.made().raw();
    auto& list = to.list(target);
    const mqtt::properties before{bytes_view{list}};
    if (!is_pair && (before.number(id) || before.text(id)))
        return usage_error{fmt::format("Property {} given twice.", name)};
    if (list.size() + made.size() > properties_max)
        return usage_error{fmt::format("Too many properties for {}.", to.name)};
    list.insert(list.end(), made.begin(), made.end());
    return {};
}

}  // namespace

trouble read_property(settings& target, std::string_view name, argument_list& rest) {
    const auto to = std::find_if(commands.begin(), commands.end(),
                                 [&](const command& one) { return is_same(one.name, name); });
    const bool is_without = std::any_of(commands_without.begin(), commands_without.end(),
                                        [&](std::string_view one) { return is_same(one, name); });
    if (to == commands.end() && !is_without)
        return usage_error{"Invalid command given in --property argument."};
    if (rest.empty()) return too_few();
    const std::string_view which = rest.take();
    const auto id = property_named(which);
    if (!id) return usage_error{"Invalid property name given in --property argument."};
    if (is_without || is_servers(to->name, *id))
        return usage_error{
            fmt::format("{} property not supported for {} in --property argument.", which, name)};
    if (std::find(to->allowed.begin(), to->allowed.end(), *id) == to->allowed.end())
        return usage_error{
            fmt::format("{} property not allowed for {} in --property argument.", which, to->name)};
    if (rest.empty()) return too_few();
    target.has_properties = true;
    return add(*to, target, *id, which, rest);
}

}  // namespace nightjar::app
