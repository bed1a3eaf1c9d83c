#include <arpa/inet.h>
#include <net/if.h>

#include <nightjar/io/endpoint.hpp>

#include <charconv>

namespace nightjar::io {
namespace {

/// The part behind '%': an interface's number or name. 0 if it is neither.
std::uint32_t parse_scope(std::string_view text) noexcept {
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem == std::errc{} && end == text.data() + text.size()) return number;
    std::array<char, IF_NAMESIZE> name{};
    if (text.size() >= name.size()) return 0;
    copy(as_bytes(text), {reinterpret_cast<byte*>(name.data()), name.size()});
    return if_nametoindex(name.data());
}

}  // namespace

endpoint endpoint::v4(std::array<byte, 4> address, std::uint16_t port) noexcept {
    endpoint out;
    out.family_ = family::v4;
    out.size_ = 4;
    out.port_ = port;
    copy(address, out.room_);
    return out;
}

endpoint endpoint::v6(const std::array<byte, 16>& address, std::uint16_t port,
                      std::uint32_t scope) noexcept {
    endpoint out;
    out.family_ = family::v6;
    out.size_ = 16;
    out.port_ = port;
    out.scope_ = scope;
    copy(address, out.room_);
    return out;
}

result<endpoint> endpoint::local(std::string_view path) noexcept {
    endpoint out;
    if (path.size() >= out.room_.size()) return fail(error::invalid);
    out.family_ = family::local;
    out.size_ = static_cast<std::uint8_t>(path.size());
    copy(as_bytes(path), out.room_);
    return out;
}

result<endpoint> endpoint::parse(std::string_view address, std::uint16_t port) noexcept {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const std::size_t percent = address.find('%');
    const std::string_view bare = address.substr(0, percent);
    if (bare.size() >= text.size()) return fail(error::invalid);
    copy(as_bytes(bare), {reinterpret_cast<byte*>(text.data()), text.size()});
    std::array<byte, 4> four{};
    std::array<byte, 16> sixteen{};
    if (percent == std::string_view::npos && inet_pton(AF_INET, text.data(), four.data()) == 1) {
        return v4(four, port);
    }
    if (inet_pton(AF_INET6, text.data(), sixteen.data()) != 1) return fail(error::invalid);
    if (percent == std::string_view::npos) return v6(sixteen, port);
    const std::uint32_t scope = parse_scope(address.substr(percent + 1));
    if (scope == 0) return fail(error::invalid);
    return v6(sixteen, port, scope);
}

endpoint endpoint::with_port(std::uint16_t port) const noexcept {
    endpoint out = *this;
    if (family_ == family::v4 || family_ == family::v6) out.port_ = port;
    return out;
}

std::string endpoint::address_text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    switch (family_) {
        case family::none: return "nowhere";
        case family::local: return std::string(as_text(address()));
        case family::v4: return inet_ntop(AF_INET, room_.data(), text.data(), text.size());
        case family::v6: break;
    }
    std::string out = inet_ntop(AF_INET6, room_.data(), text.data(), text.size());
    if (scope_ != 0) out += '%' + std::to_string(scope_);
    return out;
}

std::string endpoint::text() const {
    switch (family_) {
        case family::none:
        case family::local: return address_text();
        case family::v4: return address_text() + ':' + std::to_string(port_);
        case family::v6: break;
    }
    return '[' + address_text() + "]:" + std::to_string(port_);
}

bool operator==(const endpoint& a, const endpoint& b) noexcept {
    return a.family_ == b.family_ && a.port_ == b.port_ && a.scope_ == b.scope_ &&
           equal(a.address(), b.address());
}

}  // namespace nightjar::io
