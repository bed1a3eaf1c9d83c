#include <nightjar/base/expects.hpp>

#include <nightjar/mqtt/properties.hpp>

#include "fields.hpp"
#include "var_int.hpp"

namespace nightjar::mqtt {

bool property_writer::fits(std::size_t first, std::size_t second) noexcept {
    fits_ = fits_ && first <= 65535 && second <= 65535;
    return fits_;
}

void property_writer::open(property_id id) noexcept { out_.u8(static_cast<byte>(id)); }

property_writer& property_writer::add(property_id id, std::uint32_t number) noexcept {
    open(id);
    switch (kind_of(id)) {
        case property_kind::u8: out_.u8(static_cast<std::uint8_t>(number)); break;
        case property_kind::u16: out_.u16(static_cast<std::uint16_t>(number)); break;
        case property_kind::u32: out_.u32(number); break;
        case property_kind::var_int: put_var_int(out_, number); break;
        case property_kind::none:
        case property_kind::text:
        case property_kind::binary:
        case property_kind::text_pair: expects(false, "this property is a number");
    }
    return *this;
}

property_writer& property_writer::add(property_id id, std::string_view text) noexcept {
    return add(id, as_bytes(text));
}

property_writer& property_writer::add(property_id id, bytes_view binary) noexcept {
    const property_kind kind = kind_of(id);
    expects(kind == property_kind::text || kind == property_kind::binary,
            "this property is a string");
    if (!fits(binary.size(), 0)) return *this;
    open(id);
    put_binary(out_, binary);
    return *this;
}

property_writer& property_writer::add(std::string_view user_name,
                                      std::string_view user_value) noexcept {
    if (!fits(user_name.size(), user_value.size())) return *this;
    open(property_id::user_property);
    put_text(out_, user_name);
    put_text(out_, user_value);
    return *this;
}

property_writer& property_writer::add(const property& other) noexcept {
    out_.put(other.raw);
    return *this;
}

}  // namespace nightjar::mqtt
