#include "property_table.hpp"

#include <array>

namespace nightjar::mqtt {
namespace {

using enum property_id;

struct row {
    std::string_view name;
    property_kind kind = property_kind::none;
};

constexpr std::size_t numbers = static_cast<std::size_t>(shared_subscription_available) + 1;

constexpr std::array<row, numbers> make_rows() noexcept {
    std::array<row, numbers> rows{};
    const auto set = [&](property_id id, property_kind kind, std::string_view name) {
        rows[static_cast<std::size_t>(id)] = {name, kind};
    };
    using enum property_kind;
    set(payload_format_indicator, u8, "payload-format-indicator");
    set(message_expiry_interval, u32, "message-expiry-interval");
    set(content_type, property_kind::text, "content-type");
    set(response_topic, property_kind::text, "response-topic");
    set(correlation_data, binary, "correlation-data");
    set(subscription_identifier, var_int, "subscription-identifier");
    set(session_expiry_interval, u32, "session-expiry-interval");
    set(assigned_client_identifier, property_kind::text, "assigned-client-identifier");
    set(server_keep_alive, u16, "server-keep-alive");
    set(authentication_method, property_kind::text, "authentication-method");
    set(authentication_data, binary, "authentication-data");
    set(request_problem_information, u8, "request-problem-information");
    set(will_delay_interval, u32, "will-delay-interval");
    set(request_response_information, u8, "request-response-information");
    set(response_information, property_kind::text, "response-information");
    set(server_reference, property_kind::text, "server-reference");
    set(reason_string, property_kind::text, "reason-string");
    set(receive_maximum, u16, "receive-maximum");
    set(topic_alias_maximum, u16, "topic-alias-maximum");
    set(topic_alias, u16, "topic-alias");
    set(maximum_qos, u8, "maximum-qos");
    set(retain_available, u8, "retain-available");
    set(user_property, text_pair, "user-property");
    set(maximum_packet_size, u32, "maximum-packet-size");
    set(wildcard_subscription_available, u8, "wildcard-subscription-available");
    set(subscription_identifier_available, u8, "subscription-identifier-available");
    set(shared_subscription_available, u8, "shared-subscription-available");
    return rows;
}

constexpr auto rows = make_rows();

constexpr property_set message_set =
    set_of(payload_format_indicator, message_expiry_interval, content_type, response_topic,
           correlation_data, user_property);
constexpr property_set answer_set = set_of(reason_string, user_property);

}  // namespace

property_kind kind_of(property_id id) noexcept {
    const auto i = static_cast<std::size_t>(id);
    return i < rows.size() ? rows[i].kind : property_kind::none;
}

std::string_view name_of(property_id id) noexcept {
    const auto i = static_cast<std::size_t>(id);
    return i < rows.size() ? rows[i].name : std::string_view{};
}

property_set allowed_at(property_place place) noexcept {
    switch (place) {
        case property_place::connect:
            return set_of(session_expiry_interval, receive_maximum, maximum_packet_size,
                          topic_alias_maximum, request_response_information,
                          request_problem_information, user_property, authentication_method,
                          authentication_data);
        case property_place::will: return message_set | set_of(will_delay_interval);
        case property_place::connack:
            return answer_set |
                   set_of(session_expiry_interval, receive_maximum, maximum_qos, retain_available,
                          maximum_packet_size, assigned_client_identifier, topic_alias_maximum,
                          wildcard_subscription_available, subscription_identifier_available,
                          shared_subscription_available, server_keep_alive, response_information,
                          server_reference, authentication_method, authentication_data);
        case property_place::publish:
            return message_set | set_of(topic_alias, subscription_identifier);
        case property_place::puback:
        case property_place::pubrec:
        case property_place::pubrel:
        case property_place::pubcomp:
        case property_place::suback:
        case property_place::unsuback: return answer_set;
        case property_place::subscribe: return set_of(subscription_identifier, user_property);
        case property_place::unsubscribe: return set_of(user_property);
        case property_place::disconnect:
            return answer_set | set_of(session_expiry_interval, server_reference);
        case property_place::auth:
            return answer_set | set_of(authentication_method, authentication_data);
    }
    return 0;
}

std::optional<reason> refuse_number(property_id id, std::uint32_t number) noexcept {
    constexpr property_set flags =
        set_of(payload_format_indicator, request_problem_information, request_response_information,
               maximum_qos, retain_available, wildcard_subscription_available,
               subscription_identifier_available, shared_subscription_available);
    constexpr property_set not_zero =
        set_of(receive_maximum, maximum_packet_size, subscription_identifier);
    if ((flags & bit(id)) && number > 1) return reason::protocol_error;
    if ((not_zero & bit(id)) && number == 0) return reason::protocol_error;
    if (id == topic_alias && number == 0) return reason::topic_alias_invalid;
    return {};
}

}  // namespace nightjar::mqtt
