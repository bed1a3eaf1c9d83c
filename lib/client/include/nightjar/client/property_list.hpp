#pragma once
// Properties that own their bytes: for options, and for whoever does not want to care for a buffer.

#include <nightjar/mqtt/properties.hpp>

#include <array>
#include <vector>

namespace nightjar::client {

/// `property_list{}.add(property_id::content_type, "text/plain").add("key", "value")`. What does
/// not fit a property (a string of more than 65535 bytes) is left out, and is_whole() says so.
/// Promise of the caller: a value is of its property's kind. [MQTT-5 2.2.2.2]
class property_list {
public:
    property_list& add(mqtt::property_id id, std::uint32_t number) {
        return append(0, [&](mqtt::property_writer& to) { to.add(id, number); });
    }
    property_list& add(mqtt::property_id id, std::string_view text) {
        return append(text.size(), [&](mqtt::property_writer& to) { to.add(id, text); });
    }
    property_list& add(mqtt::property_id id, bytes_view binary) {
        return append(binary.size(), [&](mqtt::property_writer& to) { to.add(id, binary); });
    }
    /// A user property.
    property_list& add(std::string_view name, std::string_view value) {
        return append(name.size() + value.size(),
                      [&](mqtt::property_writer& to) { to.add(name, value); });
    }
    /// As it stands on the wire.
    property_list& add(const mqtt::property& other) {
        return append(other.raw.size(), [&](mqtt::property_writer& to) { to.add(other); });
    }

    bool is_whole() const noexcept { return is_whole_; }
    /// Valid until the list changes or dies.
    mqtt::properties view() const noexcept { return mqtt::properties{bytes_view{raw_}}; }
    /// For the members of `options`.
    const std::vector<byte>& raw() const noexcept { return raw_; }

private:
    static constexpr std::size_t around =
        5;  // identifier and number, or identifier and two lengths

    template <class Write>
    property_list& append(std::size_t size, Write write) {
        const std::size_t before = raw_.size();
        raw_.resize(before + size + around);
        mqtt::property_writer to(bytes(raw_).subspan(before));
        write(to);
        is_whole_ = is_whole_ && to.ok();
        raw_.resize(before + (to.ok() ? to.made().raw().size() : 0));
        return *this;
    }

    std::vector<byte> raw_;
    bool is_whole_ = true;
};

}  // namespace nightjar::client
