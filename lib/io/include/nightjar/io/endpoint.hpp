#pragma once
// Where a stream, a listener or a datagram lives: an IPv4 or IPv6 address with a port, or the path
// of a Unix socket. A value; knows nothing of names (see resolver.hpp).

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/result.hpp>

#include <array>
#include <string>
#include <string_view>

namespace nightjar::io {

class endpoint {
public:
    enum class family : std::uint8_t { none, v4, v6, local };

    endpoint() noexcept = default;
    static endpoint v4(std::array<byte, 4> address, std::uint16_t port) noexcept;
    static endpoint v6(const std::array<byte, 16>& address, std::uint16_t port,
                       std::uint32_t scope = 0) noexcept;
    /// `path` in the file system; a leading '@' names Linux's abstract space. At most 107 bytes,
    /// else `invalid`.
    static result<endpoint> local(std::string_view path) noexcept;
    /// "127.0.0.1", "::1", "fe80::1%2" with a port beside it; no names. `invalid` for anything
    /// else.
    static result<endpoint> parse(std::string_view address, std::uint16_t port) noexcept;

    static endpoint loopback_v4(std::uint16_t port) noexcept { return v4({127, 0, 0, 1}, port); }
    static endpoint any_v4(std::uint16_t port) noexcept { return v4({}, port); }
    static endpoint any_v6(std::uint16_t port) noexcept { return v6({}, port); }

    family kind() const noexcept { return family_; }
    std::uint16_t port() const noexcept { return port_; }
    std::uint32_t scope() const noexcept { return scope_; }
    /// 4 or 16 bytes in network order, or the path.
    bytes_view address() const noexcept { return {room_.data(), size_}; }
    /// The same place with another port.
    endpoint with_port(std::uint16_t port) const noexcept;

    /// "127.0.0.1:1883", "[::1]:1883", "/run/nightjar.sock".
    std::string text() const;
    /// The address alone, as logs show it.
    std::string address_text() const;

    friend bool operator==(const endpoint& a, const endpoint& b) noexcept;

private:
    std::array<byte, 108> room_{};
    family family_ = family::none;
    std::uint8_t size_ = 0;
    std::uint16_t port_ = 0;
    std::uint32_t scope_ = 0;
};

}  // namespace nightjar::io
