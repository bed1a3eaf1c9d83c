#include <nightjar/io/pending.hpp>

// Not inline: g++ 12 takes the address that a request keeps for one of a local that is gone, as it
// does not see that each move takes it along.

namespace nightjar::io {

pending::pending(request& what) noexcept : what_(&what) { what.holder_ = this; }

void pending::take(pending& other) noexcept {
    what_ = std::exchange(other.what_, nullptr);
    if (what_ != nullptr) what_->holder_ = this;
}

}  // namespace nightjar::io
