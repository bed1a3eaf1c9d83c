#pragma once
// What the standard says about each property: its shape, where it may stand, which values it may
// have. [MQTT-5 2.2.2.2, table 2-4]

#include <nightjar/mqtt/properties.hpp>

namespace nightjar::mqtt {

/// A bit per property identifier; all of them are below 64.
using property_set = std::uint64_t;

constexpr property_set bit(property_id id) noexcept {
    return property_set{1} << (static_cast<unsigned>(id) & 63);
}

template <class... Ids>
constexpr property_set set_of(Ids... ids) noexcept {
    return (property_set{0} | ... | bit(ids));
}

/// The identifiers that a list at this place may hold.
property_set allowed_at(property_place place) noexcept;

/// Why a number is out of its property's range; nullopt if it is not.
std::optional<reason> refuse_number(property_id id, std::uint32_t number) noexcept;

}  // namespace nightjar::mqtt
