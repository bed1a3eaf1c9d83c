#pragma once
// Names that nobody else has.

#include <nightjar/base/prng.hpp>

#include <string>

namespace nightjar::client {

/// So many letters and digits.
inline std::string drawn_name(prng random, std::size_t size) {
    static constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string name;
    while (name.size() < size) name += letters[random.uniform(letters.size())];
    return name;
}

}  // namespace nightjar::client
