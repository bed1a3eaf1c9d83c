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

bool flight::grow_sending() {
    const std::size_t now = windows_.sending.storage().size();
    if (now >= slots_max) return false;
    auto larger = std::make_unique<slot[]>(2 * now);
    mqtt::send_window grown{{larger.get(), 2 * now}};
    grown.take_over(windows_.sending);
    grown.set_quota(quota_);
    windows_.sending = grown;
    slots_ = std::move(larger);
    return true;
}

bool flight::grow_receiving() {
    const std::size_t now = windows_.receiving.storage().size();
    if (now >= ids_max) return false;
    const std::size_t wanted = std::min(2 * now, ids_max);
    auto larger = std::make_unique<mqtt::packet_id[]>(wanted);
    mqtt::receive_window grown{{larger.get(), wanted}};
    grown.take_over(windows_.receiving);
    windows_.receiving = grown;
    ids_ = std::move(larger);
    return true;
}

}  // namespace nightjar::broker
