#pragma once
// The windows of a session and the memory under them, which grows with use. Sessions at QoS 0 have
// none.

#include <nightjar/mqtt/server_session.hpp>

#include <memory>

namespace nightjar::broker {

class flight {
public:
    explicit flight(std::uint16_t quota);

    mqtt::flows& windows() noexcept { return windows_; }
    void set_quota(std::uint16_t quota) noexcept;

    /// begin() will find room.
    bool has_room() const noexcept;
    /// A packet identifier for a message that starts its flight; `no_room` when the quota is used
    /// up.
    result<mqtt::packet_id> begin(mqtt::qos level, mqtt::token message);
    /// More room for QoS 2 identifiers of the client's. False at the limit of 65535.
    bool grow_receiving();
    /// Gives back what a burst made of the windows, where nothing is in flight.
    void settle();

private:
    static constexpr std::size_t first_slots = 16;
    static constexpr std::size_t first_ids = 8;
    static constexpr std::size_t slots_max = 65536;
    static constexpr std::size_t ids_max = 65535;
    static constexpr std::size_t kept_slots = 64;  // growing again and again would cost more
    static constexpr std::size_t kept_ids = 64;
    void move_sending(std::size_t slots);
    void move_receiving(std::size_t ids);
    bool grow_sending();

    std::unique_ptr<mqtt::send_window::slot[]> slots_;
    std::unique_ptr<mqtt::packet_id[]> ids_;
    mqtt::flows windows_;
    std::uint16_t quota_;
};

}  // namespace nightjar::broker
