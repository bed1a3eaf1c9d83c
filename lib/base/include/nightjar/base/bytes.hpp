#pragma once
// Bytes, borrowed. `bytes` may be written into, `bytes_view` may not; neither owns, and neither
// outlives what it looks at.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace nightjar {

using byte = std::uint8_t;
using bytes = std::span<byte>;
using bytes_view = std::span<const byte>;

/// The characters of `text` as bytes; valid as long as `text` is.
inline bytes_view as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const byte*>(text.data()), text.size()};
}

/// The bytes as characters; valid as long as `raw` is. Says nothing about UTF-8.
inline std::string_view as_text(bytes_view raw) noexcept {
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

inline bool equal(bytes_view a, bytes_view b) noexcept {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// Copies the whole of `source` to the front of `target` and returns what is left of `target`.
/// Promise of the caller: `source` fits.
inline bytes copy(bytes_view source, bytes target) noexcept {
    if (!source.empty()) std::memcpy(target.data(), source.data(), source.size());
    return target.subspan(source.size());
}

}  // namespace nightjar
