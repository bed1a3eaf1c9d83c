#pragma once
// The windows of a client and the memory under them, allocated once.

#include <nightjar/mqtt/client_session.hpp>

#include <memory>
#include <vector>

namespace nightjar::client {

class flight {
public:
    /// Room for so many messages to the server and so many QoS 2 identifiers of its.
    flight(std::uint16_t in_flight_max, std::uint16_t receive_maximum);

    mqtt::flows& windows() noexcept { return windows_; }
    std::size_t in_flight() const noexcept { return windows_.sending.in_flight(); }
    /// Takes over what is in flight elsewhere. False: it does not fit here.
    bool take_over(flight& other) noexcept;

private:
    std::vector<mqtt::send_window::slot> slots_;
    std::vector<mqtt::packet_id> ids_;
    mqtt::flows windows_;
};

}  // namespace nightjar::client
