#include <nightjar/base/expects.hpp>
#include <nightjar/mqtt/window.hpp>

#include <algorithm>

namespace nightjar::mqtt {

/// Its place, or used_.
std::size_t receive_window::find(packet_id id) const noexcept {
    const auto held = ids_.first(used_);
    return static_cast<std::size_t>(std::find(held.begin(), held.end(), id) - held.begin());
}

receive_window::verdict receive_window::admit(packet_id id) noexcept {
    if (holds(id)) return verdict::repeated;
    if (used_ == ids_.size()) return verdict::no_room;
    ids_[used_++] = id;
    return verdict::fresh;
}

bool receive_window::release(packet_id id) noexcept {
    std::size_t at = find(id);
    if (at == used_) return false;
    if (at < settled_) {
        ids_[at] = ids_[--settled_];
        at = settled_;
    }
    ids_[at] = ids_[--used_];
    return true;
}

bool receive_window::holds(packet_id id) const noexcept { return find(id) != used_; }

bool receive_window::settle(packet_id id) noexcept {
    const std::size_t at = find(id);
    if (at == used_) return false;
    if (at >= settled_) std::swap(ids_[at], ids_[settled_++]);
    return true;
}

bool receive_window::is_settled(packet_id id) const noexcept { return find(id) < settled_; }

void receive_window::take_over(receive_window& other) noexcept {
    expects(used_ == 0, "only an empty window takes over another");
    expects(other.used_ <= ids_.size(), "what is held fits into the new storage");
    std::copy_n(other.ids_.begin(), other.used_, ids_.begin());
    used_ = std::exchange(other.used_, 0);
    settled_ = std::exchange(other.settled_, 0);
}

}  // namespace nightjar::mqtt
