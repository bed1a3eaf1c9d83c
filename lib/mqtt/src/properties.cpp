#include <nightjar/mqtt/properties.hpp>

#include "property_value.hpp"

namespace nightjar::mqtt {
namespace {

property first(bytes_view list) noexcept {
    reader in{list};
    return take_property(in, list);
}

}  // namespace

property properties::iterator::operator*() const noexcept { return first(rest_); }

properties::iterator& properties::iterator::operator++() noexcept {
    rest_ = rest_.subspan(first(rest_).raw.size());
    return *this;
}

properties::iterator properties::begin() const noexcept { return iterator{raw_}; }
properties::iterator properties::end() const noexcept { return iterator{raw_.last(0)}; }

std::optional<std::uint32_t> properties::number(property_id id) const noexcept {
    for (const property& each : *this)
        if (each.id == id) return each.number;
    return {};
}

std::optional<std::string_view> properties::text(property_id id) const noexcept {
    for (const property& each : *this)
        if (each.id == id) return each.text;
    return {};
}

}  // namespace nightjar::mqtt
