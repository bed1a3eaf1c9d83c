#pragma once
// One property as it stands on the wire.

#include <nightjar/mqtt/properties.hpp>

#include "fields.hpp"
#include "var_int.hpp"

namespace nightjar::mqtt {

/// Reads the value of a property whose identifier was just taken. Fails the reader where it is not
/// all there; says nothing about its range or its characters. Leaves `raw` alone.
inline void take_value(reader& in, property_kind kind, property& target) noexcept {
    switch (kind) {
        case property_kind::none: in.fail(); break;
        case property_kind::u8: target.number = in.u8(); break;
        case property_kind::u16: target.number = in.u16(); break;
        case property_kind::u32: target.number = in.u32(); break;
        case property_kind::var_int: target.number = take_var_int(in); break;
        case property_kind::text:
        case property_kind::binary: target.text = take_text(in); break;
        case property_kind::text_pair:
            target.text = take_text(in);
            target.second = take_text(in);
            break;
    }
}

/// Reads identifier and value, with `raw` over both.
inline property take_property(reader& in, bytes_view from) noexcept {
    const std::size_t start = from.size() - in.left();
    property it;
    it.id = static_cast<property_id>(in.u8());
    take_value(in, kind_of(it.id), it);
    it.raw = from.subspan(start, from.size() - in.left() - start);
    return it;
}

}  // namespace nightjar::mqtt
