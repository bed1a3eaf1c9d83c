#include "flight.hpp"

#include <algorithm>
#include <bit>

namespace nightjar::client {
namespace {

// Twice the quota, because finished slots wait for those before them; and some for requests.
std::size_t slots_for(std::uint16_t in_flight_max) {
    return std::min<std::size_t>(std::bit_ceil(std::size_t{in_flight_max} * 2 + 16), 65536);
}

}  // namespace

flight::flight(std::uint16_t in_flight_max, std::uint16_t receive_maximum)
    : slots_(slots_for(in_flight_max)),
      ids_(receive_maximum),
      windows_{mqtt::send_window{slots_}, mqtt::receive_window{ids_}} {}

bool flight::take_over(flight& other) noexcept {
    if (other.slots_.size() > slots_.size()) return false;
    if (other.windows_.receiving.held() > ids_.size()) return false;
    windows_.sending.take_over(other.windows_.sending);
    windows_.receiving.take_over(other.windows_.receiving);
    return true;
}

}  // namespace nightjar::client
