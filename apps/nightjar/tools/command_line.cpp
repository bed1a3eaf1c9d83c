#include <fmt/format.h>
#include <unistd.h>

#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "flags.hpp"
#include "format.hpp"

namespace nightjar::app {
namespace {

bool is_for(const flag& one, tool which) noexcept {
    return (static_cast<unsigned>(one.whose) & static_cast<unsigned>(which)) != 0;
}

std::array<std::span<const flag>, 4> tables() noexcept {
    return {connection_flags(), message_flags(), output_flags(), foreign_flags()};
}

const flag* find(tool which, std::string_view text) noexcept {
    for (const auto table : tables())
        for (const flag& one : table)
            if (is_for(one, which) && (text == one.brief || text == one.name)) return &one;
    return nullptr;
}

trouble read_flag(tool which, std::string_view text, argument_list& rest, settings& target) {
    const flag* found = find(which, text);
    if (found == nullptr || text.empty())
        return usage_error{fmt::format("Unknown option '{}'.", text)};
    if (found->value.empty()) return found->take(target, {}, rest);
    if (rest.empty())
        return usage_error{
            fmt::format("{} argument given but no {} specified.", text, found->value)};
    const std::string_view value = rest.take();
    return found->take(target, value, rest);
}

trouble check_will(settings& s) {
    using mqtt::limits;
    if (!s.will_topic) {
        if (s.will_payload) return usage_error{"Will payload given, but no will topic given."};
        if (s.will_level) return usage_error{"Will QoS given, but no will topic given."};
        if (s.will_retain) return usage_error{"Will retain given, but no will topic given."};
        return {};
    }
    if (!mqtt::is_topic_name(*s.will_topic, limits{}))
        return usage_error{
            fmt::format("Invalid will topic '{}', does it contain '+' or '#'?", *s.will_topic)};
    s.how.will =
        client::will_message{*s.will_topic, s.will_payload.value_or(""),
                             s.will_level.value_or(mqtt::qos{}), s.will_retain, s.will_properties};
    return {};
}

trouble check_identity(settings& s) {
    auto& how = s.how;
    if (s.id_prefix) {
        if (!how.client_id.empty())
            return usage_error{"-i and -I argument cannot be used together."};
        how.client_id = fmt::format("{}{}", *s.id_prefix, ::getpid());
    }
    if (s.is_persistent && how.client_id.empty())
        return usage_error{"You must provide a client id if you are using the -c option."};
    if (s.has_properties) how.version = mqtt::version::v5;
    const bool is_v5 = how.version == mqtt::version::v5;
    if (how.password && !how.user_name && !is_v5)
        return usage_error{"-P needs -u in MQTT 3.1 and 3.1.1."};
    how.clean_start = !s.is_persistent;
    if (is_v5 && s.is_persistent && !how.session_expiry_s) how.session_expiry_s = 0xFFFFFFFF;
    return check_will(s);
}

trouble check_pub(const settings& s) {
    if (s.topics.empty() || s.source == payload_source::none)
        return usage_error{"Both topic and message must be supplied."};
    if (!mqtt::is_topic_name(s.topics.back(), mqtt::limits{}))
        return usage_error{fmt::format("Invalid publish topic '{}', does it contain '+' or '#'?",
                                       s.topics.back())};
    return {};
}

trouble check_sub(const settings& s) {
    if (s.topics.empty()) return usage_error{"You must specify a topic to subscribe to."};
    const auto check = [](const std::vector<std::string>& all, std::string_view kind) -> trouble {
        for (const std::string& one : all)
            if (!mqtt::is_topic_filter(one, mqtt::limits{}))
                return usage_error{fmt::format(
                    "Invalid {} topic '{}', are all '+' and '#' wildcards correct?", kind, one)};
        return {};
    };
    if (auto bad = check(s.topics, "subscription")) return bad;
    if (auto bad = check(s.filtered_out, "filter")) return bad;
    if (auto bad = check(s.unsubscribed, "unsubscribe")) return bad;
    if (!s.has_format) return {};
    const auto compiled = output_format::compile(s.format);
    return compiled ? trouble{} : usage_error{compiled.error()};
}

void print_flag(const flag& one) {
    std::string left = fmt::format("{}{}{}", one.brief,
                                   !one.brief.empty() && !one.name.empty() ? ", " : "", one.name);
    if (!one.value.empty()) left += fmt::format(" {}", one.value);
    fmt::print("  {:<34} {}\n", left, one.help);
}

}  // namespace

trouble read_command_line(tool which, std::span<char* const> arguments, settings& target) {
    target.how.version = mqtt::version::v3_1_1;
    argument_list rest(arguments.subspan(1));
    while (!rest.empty() && !target.asks_help)
        if (auto bad = read_flag(which, rest.take(), rest, target)) return bad;
    if (target.asks_help) return {};
    if (auto bad = which == tool::pub ? check_pub(target) : check_sub(target)) return bad;
    return check_identity(target);
}

void print_help(tool which) {
    const bool is_pub = which == tool::pub;
    fmt::print("nightjar {}: {}\n\nUsage: nightjar {} {} [OPTIONS]\n\n", is_pub ? "pub" : "sub",
               is_pub ? "publishes a message and exits" : "prints the messages it subscribes to",
               is_pub ? "pub" : "sub",
               is_pub ? "-t TOPIC {-m TEXT | -f FILE | -l | -n | -s}" : "-t TOPIC...");
    for (const auto table : {connection_flags(), message_flags(), output_flags()})
        for (const flag& one : table)
            if (is_for(one, which)) print_flag(one);
}

std::optional<long long> to_number(std::string_view text, long long least,
                                   long long most) noexcept {
    long long value = 0;
    const auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (why != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value < least || value > most) return std::nullopt;
    return value;
}

}  // namespace nightjar::app
