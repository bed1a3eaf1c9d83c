#pragma once
// Examples of packets as bytes, and what a decoder must say of each. The bytes and codes come from
// the standard.

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>

namespace nightjar::mqtt {

inline constexpr version v31 = version::v3_1;
inline constexpr version v311 = version::v3_1_1;
inline constexpr version v5 = version::v5;

/// What shall become of an example. From 0 on: refused with this reason code.
enum verdict : int {
    legal = -1,       ///< Read, and written again it gives the same bytes.
    other_form = -2,  ///< Read; written again it takes a form that the standard has as well.
    closes = -3,      ///< Refused; 3.1.1 has no codes that could tell why.
    malformed = static_cast<int>(reason::malformed_packet),
    protocol = static_cast<int>(reason::protocol_error),
    other_version = static_cast<int>(reason::unsupported_protocol_version),
    alias = static_cast<int>(reason::topic_alias_invalid),
    too_large = static_cast<int>(reason::packet_too_large),
};

struct example {
    version v;
    std::string_view hex;
    verdict expected;
    std::string_view about;
};

/// "30 05 'a/b'": two hexadecimal digits a byte, text between quotes as it stands.
std::vector<byte> unhex(std::string_view text);
std::string hex(bytes_view raw);

/// The bytes in a block of exactly their size, so that a sanitizer sees the first read behind them.
class exact {
public:
    explicit exact(bytes_view raw);
    explicit exact(std::string_view hex) : exact(unhex(hex)) {}
    operator bytes_view() const noexcept { return {block_.get(), size_}; }
    byte* data() noexcept { return block_.get(); }
    std::size_t size() const noexcept { return size_; }

private:
    std::unique_ptr<byte[]> block_;
    std::size_t size_;
};

/// "need 3", "packet of 7" or "reason 0x81 malformed packet".
std::string describe(const step& what);

/// What encode() writes.
std::vector<byte> encoded(const packet& what, version v);

/// Decodes each example and holds it against its verdict; every proper prefix of a legal one asks
/// for more.
void hold(std::initializer_list<example> all);

/// The packet of this type at the front of `in`; fails the test and returns an empty one if there
/// is another.
template <class Packet>
Packet only(bytes_view in, version v, const limits& max = {}) {
    const step done = decode(in, v, max);
    const framed* found = std::get_if<framed>(&done);
    const Packet* is = found ? std::get_if<Packet>(&found->what) : nullptr;
    if (!is) {
        ADD_FAILURE() << hex(in) << ": " << describe(done);
        return {};
    }
    return *is;
}

}  // namespace nightjar::mqtt
