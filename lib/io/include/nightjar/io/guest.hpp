#pragma once
// A loop inside another program's loop. The host waits; when the descriptor is readable, or the
// time has come, the guest works. Adapters for known hosts are in guests/.

#include <nightjar/io/loop.hpp>

namespace nightjar::io {

/// Promises: the loop's engine has a descriptor (epoll's has) and outlives the guest; all of it
/// stays on the host's thread; a guest is not destroyed from inside a turn.
class guest {
public:
    explicit guest(loop& inside) noexcept;
    ~guest() { inside_.set_hosted(false); }
    guest(const guest&) = delete;
    guest& operator=(const guest&) = delete;

    /// To be watched for reading, level-triggered. Borrowed.
    int descriptor() const noexcept { return inside_.engine().descriptor(); }
    /// One turn that does not wait: to be called when the descriptor is readable or `patience()` is
    /// over, and harmless at any other time. False once somebody has stopped the loop: the guest
    /// wants to leave, and the host forgets its descriptor.
    [[nodiscard]] bool turn() noexcept;
    /// How long the host may wait now, if the descriptor stays silent. Zero: work is left, let
    /// others have a turn first. duration::max(): for ever.
    duration patience() const noexcept;

private:
    loop& inside_;
};

/// Whole milliseconds, rounded up; -1 for ever. [poll(2)]
int to_poll_timeout(duration patience) noexcept;

}  // namespace nightjar::io
