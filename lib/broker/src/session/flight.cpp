#include "flight.hpp"

#include <algorithm>

namespace nightjar::broker {

using slot = mqtt::send_window::slot;

flight::flight(std::uint16_t quota)
    : slots_(std::make_unique<slot[]>(first_slots)),
      ids_(std::make_unique<mqtt::packet_id[]>(first_ids)),
      windows_{mqtt::send_window{{slots_.get(), first_slots}},
               mqtt::receive_window{{ids_.get(), first_ids}}},
      quota_(quota) {
    windows_.sending.set_quota(quota);
}

void flight::set_quota(std::uint16_t quota) noexcept {
    quota_ = quota;
    windows_.sending.set_quota(quota);
}

result<mqtt::packet_id> flight::begin(mqtt::qos level, mqtt::token message) {
    auto begun = windows_.sending.begin(level, message);
    if (begun || windows_.sending.in_flight() >= quota_ || !grow_sending()) return begun;
    return windows_.sending.begin(level, message);
}

bool flight::has_room() const noexcept {
    const mqtt::send_window& at = windows_.sending;
    return at.in_flight() < quota_ && (at.has_slot() || at.storage().size() < slots_max);
}

bool flight::grow_sending() {
    const std::size_t now = windows_.sending.storage().size();
    if (now >= slots_max) return false;
    move_sending(2 * now);
    return true;
}

bool flight::grow_receiving() {
    const std::size_t now = windows_.receiving.storage().size();
    if (now >= ids_max) return false;
    move_receiving(std::min(2 * now, ids_max));
    return true;
}

void flight::settle() {
    if (windows_.sending.is_empty() && windows_.sending.storage().size() > kept_slots)
        move_sending(first_slots);
    if (windows_.receiving.held() == 0 && windows_.receiving.storage().size() > kept_ids)
        move_receiving(first_ids);
}

void flight::move_sending(std::size_t slots) {
    auto other = std::make_unique<slot[]>(slots);
    mqtt::send_window moved{{other.get(), slots}};
    moved.take_over(windows_.sending);
    moved.set_quota(quota_);
    windows_.sending = moved;
    slots_ = std::move(other);
}

void flight::move_receiving(std::size_t ids) {
    auto other = std::make_unique<mqtt::packet_id[]>(ids);
    mqtt::receive_window moved{{other.get(), ids}};
    moved.take_over(windows_.receiving);
    windows_.receiving = moved;
    ids_ = std::move(other);
}

}  // namespace nightjar::broker
