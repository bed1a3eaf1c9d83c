#pragma once
// The packets of MQTT 3.1, 3.1.1 and 5.0 as values with views into the bytes that they were read
// from, or will be written from. No packet owns memory.

#include <nightjar/mqtt/properties.hpp>

#include <variant>

namespace nightjar::mqtt {

using packet_id = std::uint16_t;  ///< Never 0 where a packet has one. [MQTT-5 2.2.1]

/// The message that the server publishes when the connection is lost. [MQTT-5 3.1.2.5]
struct will {
    std::string_view topic{};
    bytes_view payload{};
    qos level{};
    bool retain = false;
    properties props{};
};

struct connect {
    mqtt::version version = version::v5;
    bool is_bridge = false;   ///< Bit 7 of the level byte, as Mosquitto's bridges set it in 3.x.
    bool clean_start = true;  ///< Clean session in 3.1 and 3.1.1.
    std::uint16_t keep_alive_s = 0;
    std::string_view client_id{};
    std::optional<std::string_view> user_name{};
    std::optional<bytes_view> password{};
    std::optional<will> last_will{};
    properties props{};
};

struct connack {
    bool session_present = false;
    /// Towards 3.1 and 3.1.1 written as its return code; from them read as the code of 5.0.
    reason code{};
    properties props{};
};

struct publish {
    std::string_view topic{};  ///< Empty only in 5.0, and only with a topic alias.
    bytes_view payload{};
    properties props{};
    packet_id id = 0;  ///< 0 at QoS 0.
    qos level{};
    bool retain = false;
    bool dup = false;
};

/// PUBACK, PUBREC, PUBREL and PUBCOMP share one shape.
template <packet_type Type>
struct ack {
    packet_id id = 0;
    reason code{};
    properties props{};
};
using puback = ack<packet_type::puback>;
using pubrec = ack<packet_type::pubrec>;
using pubrel = ack<packet_type::pubrel>;
using pubcomp = ack<packet_type::pubcomp>;

/// [MQTT-5 3.8.3.1]
enum class retain_handling : std::uint8_t { send = 0, send_if_new = 1, do_not_send = 2 };

struct subscription {
    std::string_view filter{};
    qos maximum{};
    bool no_local = false;
    bool retain_as_published = false;
    retain_handling retained{};
};

/// The payload of SUBSCRIBE: validated wire bytes, read one by one. 3.x and 5.0 share the shape.
class subscription_list {
public:
    constexpr subscription_list() noexcept = default;
    constexpr explicit subscription_list(bytes_view raw) noexcept : raw_(raw) {}
    bytes_view raw() const noexcept { return raw_; }
    bool empty() const noexcept { return raw_.empty(); }
    /// The next subscription; drops it from the list. Promise: not empty.
    subscription take() noexcept;
    static void put(writer& out, const subscription& what) noexcept;

private:
    bytes_view raw_{};
};

/// The payload of UNSUBSCRIBE, read one by one.
class filter_list {
public:
    constexpr filter_list() noexcept = default;
    constexpr explicit filter_list(bytes_view raw) noexcept : raw_(raw) {}
    bytes_view raw() const noexcept { return raw_; }
    bool empty() const noexcept { return raw_.empty(); }
    std::string_view take() noexcept;
    static void put(writer& out, std::string_view filter) noexcept;

private:
    bytes_view raw_{};
};

struct subscribe {
    packet_id id = 0;
    subscription_list filters{};
    properties props{};
};

struct suback {
    packet_id id = 0;
    bytes_view codes{};  ///< A `reason` each. From and towards 3.x: 0, 1, 2 or 0x80.
    properties props{};
};

struct unsubscribe {
    packet_id id = 0;
    filter_list filters{};
    properties props{};
};

struct unsuback {
    packet_id id = 0;
    bytes_view codes{};  ///< Empty in 3.x.
    properties props{};
};

struct pingreq {};
struct pingresp {};

struct disconnect {
    reason code{};
    properties props{};
};

struct auth {
    reason code{};
    properties props{};
};

using packet = std::variant<connect, connack, publish, puback, pubrec, pubrel, pubcomp, subscribe,
                            suback, unsubscribe, unsuback, pingreq, pingresp, disconnect, auth>;

}  // namespace nightjar::mqtt
