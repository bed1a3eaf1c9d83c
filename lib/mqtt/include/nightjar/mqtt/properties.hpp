#pragma once
// The property list of a 5.0 packet: a view over validated bytes, and a writer that makes such
// bytes.

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/writer.hpp>

#include <nightjar/mqtt/types.hpp>

#include <optional>

namespace nightjar::mqtt {

/// [MQTT-5 2.2.2.2]
enum class property_id : std::uint8_t {
    payload_format_indicator = 0x01,
    message_expiry_interval = 0x02,
    content_type = 0x03,
    response_topic = 0x08,
    correlation_data = 0x09,
    subscription_identifier = 0x0B,
    session_expiry_interval = 0x11,
    assigned_client_identifier = 0x12,
    server_keep_alive = 0x13,
    authentication_method = 0x15,
    authentication_data = 0x16,
    request_problem_information = 0x17,
    will_delay_interval = 0x18,
    request_response_information = 0x19,
    response_information = 0x1A,
    server_reference = 0x1C,
    reason_string = 0x1F,
    receive_maximum = 0x21,
    topic_alias_maximum = 0x22,
    topic_alias = 0x23,
    maximum_qos = 0x24,
    retain_available = 0x25,
    user_property = 0x26,
    maximum_packet_size = 0x27,
    wildcard_subscription_available = 0x28,
    subscription_identifier_available = 0x29,
    shared_subscription_available = 0x2A,
};

/// How a property's value looks on the wire. [MQTT-5 2.2.2.2, table 2-4]
enum class property_kind : std::uint8_t { none, u8, u16, u32, var_int, text, binary, text_pair };

/// `none` for a number that is no property.
property_kind kind_of(property_id id) noexcept;

/// "message-expiry-interval", … as the tools write it; empty for a number that is no property.
std::string_view name_of(property_id id) noexcept;

/// One property. Which member holds the value follows from kind_of(id): `number` for u8, u16, u32
/// and var_int; `text` for text and binary; `text` and `second` for a pair (name and value).
struct property {
    property_id id{};
    std::uint32_t number = 0;
    std::string_view text{};
    std::string_view second{};
    bytes_view raw{};  ///< Identifier and value as they stand on the wire.
};

/// The properties of one packet, in wire order. Borrows the packet's bytes; holds only what `check`
/// accepted.
class properties {
public:
    constexpr properties() noexcept = default;
    /// `raw`: the list without its length. Promise of the caller: check() accepted it, or
    /// property_writer made it.
    constexpr explicit properties(bytes_view raw) noexcept : raw_(raw) {}

    class iterator;
    iterator begin() const noexcept;
    iterator end() const noexcept;

    bytes_view raw() const noexcept { return raw_; }
    bool empty() const noexcept { return raw_.empty(); }

    /// The first value with this identifier. O(bytes of the list).
    std::optional<std::uint32_t> number(property_id id) const noexcept;
    std::optional<std::string_view> text(property_id id) const noexcept;

private:
    bytes_view raw_{};
};

class properties::iterator {
public:
    using value_type = property;
    using difference_type = std::ptrdiff_t;

    constexpr explicit iterator(bytes_view rest) noexcept : rest_(rest) {}
    property operator*() const noexcept;
    iterator& operator++() noexcept;
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
        return a.rest_.data() == b.rest_.data();
    }

private:
    bytes_view rest_{};
};

/// Where a property list stands; decides which identifiers it may hold.
enum class property_place : std::uint8_t {
    connect,
    will,
    connack,
    publish,
    puback,
    pubrec,
    pubrel,
    pubcomp,
    subscribe,
    suback,
    unsubscribe,
    unsuback,
    disconnect,
    auth,
};

/// Reads a property list at the front of `in` (its length included) and drops it from `in`.
/// Refuses unknown or misplaced identifiers, repeated ones (except user properties, and
/// subscription identifiers in a PUBLISH), values out of range, bad UTF-8: malformed_packet or
/// protocol_error; a topic alias of 0 with topic_alias_invalid, too many user properties with
/// quota_exceeded. [MQTT-5 2.2.2.2]
std::optional<reason> read_properties(bytes_view& in, property_place place, const limits& max,
                                      properties& target) noexcept;

/// Makes a property list in a caller's buffer. Sticky: ask `ok()` once, at the end. Not ok: the
/// buffer is too small, or a string is longer than 65535 bytes. Promise of the caller: a value is
/// of its property's kind.
class property_writer {
public:
    explicit property_writer(bytes room) noexcept : out_(room) {}

    property_writer& add(property_id id, std::uint32_t number) noexcept;
    property_writer& add(property_id id, std::string_view text) noexcept;
    property_writer& add(property_id id, bytes_view binary) noexcept;
    property_writer& add(std::string_view user_name, std::string_view user_value) noexcept;
    /// Takes over a property as it stands on the wire.
    property_writer& add(const property& other) noexcept;

    bool ok() const noexcept { return fits_ && out_.ok(); }
    properties made() const noexcept { return properties{out_.written()}; }

private:
    bool fits(std::size_t first, std::size_t second) noexcept;
    void open(property_id id) noexcept;

    writer out_;
    bool fits_ = true;
};

}  // namespace nightjar::mqtt
