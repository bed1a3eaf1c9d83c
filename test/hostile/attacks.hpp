#pragma once
// What hostile clients do. Each runs in a process of its own until it is killed, as fast as it can.

#include <cstdint>
#include <span>
#include <string_view>

namespace nightjar::hostile {

struct attack {
    std::string_view name;
    void (*run)(std::uint16_t port);  ///< Does not return.
};

/// Those that keep something waiting.
std::span<const attack> patient_attacks();
/// Those that keep the broker busy.
std::span<const attack> floods();

}  // namespace nightjar::hostile
