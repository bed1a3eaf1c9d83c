#include <nightjar/base/expects.hpp>
#include <nightjar/mqtt/window.hpp>

#include <algorithm>

namespace nightjar::mqtt {

receive_window::verdict receive_window::admit(packet_id id) noexcept {
    if (holds(id)) return verdict::repeated;
    if (used_ == ids_.size()) return verdict::no_room;
    ids_[used_++] = id;
    return verdict::fresh;
}

bool receive_window::release(packet_id id) noexcept {
    const auto held = ids_.first(used_);
    const auto found = std::find(held.begin(), held.end(), id);
    if (found == held.end()) return false;
    *found = held.back();
    --used_;
    return true;
}

bool receive_window::holds(packet_id id) const noexcept {
    const auto held = ids_.first(used_);
    return std::find(held.begin(), held.end(), id) != held.end();
}

void receive_window::take_over(receive_window& other) noexcept {
    expects(used_ == 0, "only an empty window takes over another");
    expects(other.used_ <= ids_.size(), "what is held fits into the new storage");
    std::copy_n(other.ids_.begin(), other.used_, ids_.begin());
    used_ = std::exchange(other.used_, 0);
}

}  // namespace nightjar::mqtt
