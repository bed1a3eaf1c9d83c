// Flags held against each other.
#include <fmt/format.h>
#include <unistd.h>

#include <nightjar/mqtt/topic.hpp>

#include "flags.hpp"
#include "format.hpp"

namespace nightjar::app {
namespace {

constexpr std::uint32_t for_ever = 0xFFFFFFFF;

trouble check_will(settings& s) {
    if (!s.will_topic) {
        if (s.will_payload) return usage_error{"Will payload given, but no will topic given."};
        if (s.will_level) return usage_error{"Will QoS given, but no will topic given."};
        if (s.will_retain) return usage_error{"Will retain given, but no will topic given."};
        return {};
    }
    if (!mqtt::is_topic_name(*s.will_topic, mqtt::limits{}))
        return usage_error{
            fmt::format("Invalid will topic '{}', does it contain '+' or '#'?", *s.will_topic)};
    s.how.will =
        client::will_message{*s.will_topic, s.will_payload.value_or(""),
                             s.will_level.value_or(mqtt::qos{}), s.will_retain, s.will_properties};
    return {};
}

trouble check_identity(settings& s) {
    if (s.given_id && s.id_prefix)
        return usage_error{"-i and -I argument cannot be used together."};
    if (s.given_id && s.given_id->empty()) return usage_error{"Invalid id."};
    if (s.given_id) s.how.client_id = *s.given_id;
    if (s.id_prefix) s.how.client_id = fmt::format("{}{}", *s.id_prefix, ::getpid());
    return {};
}

/// [MQTT-5 3.1.2.11.9, 3.1.2.11.10]
trouble check_authentication(const settings& s) {
    using mqtt::property_id;
    const mqtt::properties hello{bytes_view{s.how.properties}};
    if (hello.text(property_id::authentication_method)) return {};
    if (hello.text(property_id::authentication_data) || !s.auth_properties.empty())
        return usage_error{"Authentication needs -D connect authentication-method."};
    return {};
}

trouble check_session(settings& s) {
    auto& how = s.how;
    if (s.has_properties) how.version = mqtt::version::v5;
    const bool is_v5 = how.version == mqtt::version::v5;
    if (how.password && !how.user_name && !is_v5)
        return usage_error{"-P needs -u in MQTT 3.1 and 3.1.1."};
    how.clean_start = !s.is_persistent;
    if (is_v5 && s.is_persistent && !how.session_expiry_s) how.session_expiry_s = for_ever;
    if (!how.client_id.empty()) return {};
    if (is_v5 && how.session_expiry_s == for_ever)
        return usage_error{
            "You must provide a client id if you are using an infinite session expiry interval."};
    if (s.is_persistent)
        return usage_error{"You must provide a client id if you are using the -c option."};
    return {};
}

trouble check_publish_topic(const settings& s) {
    if (mqtt::is_topic_name(s.topics.back(), mqtt::limits{})) return {};
    return usage_error{
        fmt::format("Invalid publish topic '{}', does it contain '+' or '#'?", s.topics.back())};
}

trouble check_format(const settings& s) {
    if (!s.has_format) return {};
    const auto compiled = output_format::compile(s.format);
    return compiled ? trouble{} : usage_error{compiled.error()};
}

trouble check_filters(const std::vector<std::string>& all, std::string_view kind) {
    for (const std::string& one : all)
        if (!mqtt::is_topic_filter(one, mqtt::limits{}))
            return usage_error{fmt::format(
                "Invalid {} topic '{}', are all '+' and '#' wildcards correct?", kind, one)};
    return {};
}

trouble check_pub(const settings& s) {
    if (s.topics.empty() || s.source == payload_source::none)
        return usage_error{"Both topic and message must be supplied."};
    if (s.repeat > 1 && s.source == payload_source::input_lines)
        return usage_error{"--repeat and -l cannot be used together."};
    return check_publish_topic(s);
}

trouble check_sub(const settings& s) {
    if (s.topics.empty() && s.unsubscribed.empty())
        return usage_error{"You must specify a topic to subscribe to."};
    if (auto bad = check_filters(s.topics, "subscription")) return bad;
    if (auto bad = check_filters(s.filtered_out, "filter")) return bad;
    if (auto bad = check_filters(s.unsubscribed, "unsubscribe")) return bad;
    return check_format(s);
}

trouble check_rr(const settings& s) {
    using mqtt::property_id;
    if (s.topics.empty() || s.source == payload_source::none || !s.response_topic)
        return usage_error{"All of topic, message, and response topic must be supplied."};
    if (!mqtt::is_topic_name(*s.response_topic, mqtt::limits{}))
        return usage_error{fmt::format("Invalid response topic '{}', does it contain '+' or '#'?",
                                       *s.response_topic)};
    const mqtt::properties props{bytes_view{s.publish_properties}};
    if (props.text(property_id::response_topic))
        return usage_error{"Error in PUBLISH properties: Duplicate response topic."};
    if (auto bad = check_publish_topic(s)) return bad;
    return check_format(s);
}

trouble check_own(tool which, const settings& s) {
    if (which == tool::pub) return check_pub(s);
    return which == tool::sub ? check_sub(s) : check_rr(s);
}

}  // namespace

trouble check(tool which, settings& target) {
    if (auto bad = check_own(which, target)) return bad;
    if (auto bad = check_identity(target)) return bad;
    if (auto bad = check_session(target)) return bad;
    if (auto bad = check_authentication(target)) return bad;
    return check_will(target);
}

}  // namespace nightjar::app
