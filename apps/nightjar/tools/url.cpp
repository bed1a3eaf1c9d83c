// -L mqtt://[user[:password]@]host[:port]/topic
#include "flag_table.hpp"

namespace nightjar::app {
namespace {

/// Cuts `text` at the first of `mark`; the rest behind it, or nullopt and `text` as it was.
std::optional<std::string_view> cut(std::string_view& text, char mark) noexcept {
    const auto at = text.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(at + 1);
    text = text.substr(0, at);
    return rest;
}

/// "[::1]:1883", "::1" in brackets keeps its colons.
trouble read_place(settings& target, std::string_view place) {
    std::string_view host = place;
    std::optional<std::string_view> port;
    if (place.starts_with('[') && place.find(']') != std::string_view::npos) {
        host = place.substr(1, place.find(']') - 1);
        const std::string_view behind = place.substr(place.find(']') + 1);
        if (behind.starts_with(':')) port = behind.substr(1);
    } else {
        port = cut(host, ':');
    }
    target.how.host = host;
    target.how.port = 1883;
    if (!port) return {};
    const auto number = to_number(*port, 1, 65535);
    if (!number) return usage_error{fmt::format("Invalid port given: {}", *port)};
    target.how.port = static_cast<std::uint16_t>(*number);
    return {};
}

}  // namespace

trouble read_url(settings& target, std::string_view url) {
    constexpr std::string_view scheme = "mqtt://";
    if (url.starts_with("mqtts://"))
        return usage_error{"TLS is not available yet; mqtts:// cannot be reached.", 2};
    if (url.starts_with("ws://") || url.starts_with("wss://"))
        return usage_error{"WebSocket is not available yet; take mqtt://.", 2};
    if (!url.starts_with(scheme)) return usage_error{"unsupported URL scheme."};
    std::string_view place = url.substr(scheme.size());
    const auto topic = cut(place, '/');
    if (!topic) return usage_error{"Invalid URL for -L argument specified - topic missing."};
    if (auto bad = bad_text("-L", url)) return bad;
    target.topics.emplace_back(*topic);
    if (const auto at = place.rfind('@'); at != std::string_view::npos) {
        std::string_view user = place.substr(0, at);
        place = place.substr(at + 1);
        if (const auto password = cut(user, ':')) target.how.password = *password;
        target.how.user_name = user;
    }
    return read_place(target, place);
}

}  // namespace nightjar::app
