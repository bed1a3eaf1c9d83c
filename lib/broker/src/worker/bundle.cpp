#include "bundle.hpp"

#include <new>

namespace nightjar::broker {

std::unique_ptr<bundle> bundle::make() noexcept {
    return std::unique_ptr<bundle>(new (std::nothrow) bundle);
}

bool bundle::append(const message_view& what) noexcept {
    const auto size = static_cast<std::uint32_t>(stored_size(what));
    if (bytes_max - used_ < sizeof size + size) return false;
    std::memcpy(&room_[used_], &size, sizeof size);
    used_ += sizeof size;
    store(what, {&room_[used_], size});
    used_ += size;
    return true;
}

}  // namespace nightjar::broker
