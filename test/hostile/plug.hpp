#pragma once
// A client of plain system calls: bytes out, packets in, never more than it is told.

#include <nightjar/base/output.hpp>
#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace nightjar::hostile {

template <class Packet>
bool encode_one(const Packet& what, output& out) {
    if constexpr (std::is_same_v<Packet, mqtt::connect> || std::is_same_v<Packet, mqtt::pingreq>)
        return mqtt::encode(what, out);
    else
        return mqtt::encode(what, mqtt::version::v5, out);
}

/// Any packets of MQTT 5.0 as bytes.
template <class... Packet>
std::string wire(const Packet&... packets) {
    std::vector<byte> room(300'000);
    fixed_output out{room};
    const bool is_whole = (encode_one(packets, out) && ...);
    expects(is_whole, "a test's packets are small");
    return std::string(as_text(out.written()));
}
std::string connect_packet(std::string_view name, std::uint32_t session_expiry_s = 0);
std::string subscribe_packet(std::string_view filter, mqtt::qos maximum, mqtt::packet_id id = 1);
std::string publish_packet(std::string_view topic, std::string_view payload,
                           mqtt::qos level = mqtt::qos::at_most_once, bool retain = false,
                           mqtt::packet_id id = 1);

class plug {
public:
    /// Not open where the server does not want it.
    explicit plug(std::uint16_t port, int receive_buffer = 0);
    ~plug() { shut(); }
    plug(plug&& other) noexcept;
    plug& operator=(plug&& other) noexcept;

    bool is_open() const noexcept { return socket_ >= 0; }
    int descriptor() const noexcept { return socket_; }
    /// Sends as much as the socket takes now; false once the server has closed.
    bool offer(std::string_view bytes, std::size_t& taken) noexcept;
    /// Sends all, waiting for room; false once the server has closed, or after five seconds.
    bool send(std::string_view bytes) noexcept;
    /// Reads what is there and forgets it.
    void drain() noexcept;
    /// The next packets that are there; `visit(const mqtt::frame&)`.
    template <class Visit>
    void read(Visit&& visit) {
        fill();
        bytes_view in{in_};
        for (auto one = mqtt::cut_packet(in, {}); one.what == mqtt::cut::whole;
             one = mqtt::cut_packet(in, {})) {
            visit(one.packet);
            in = in.subspan(one.packet.size);
        }
        in_.erase(in_.begin(), in_.end() - static_cast<std::ptrdiff_t>(in.size()));
    }
    /// Waits for a packet of this type; false after five seconds.
    bool await(mqtt::packet_type type);
    void shut() noexcept;
    /// With a reset instead of an end.
    void reset() noexcept;

private:
    void fill();

    int socket_ = -1;
    std::vector<byte> in_;
};

}  // namespace nightjar::hostile
