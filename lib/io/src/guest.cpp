#include <nightjar/base/expects.hpp>

#include <nightjar/io/guest.hpp>

#include <algorithm>

namespace nightjar::io {

guest::guest(loop& inside) noexcept : inside_(inside) {
    expects(descriptor() >= 0, "an engine with a descriptor: epoll");
    inside_.set_hosted(true);
}

bool guest::turn() noexcept {
    inside_.run_once(instant::min());
    return !inside_.is_stopping();
}

duration guest::patience() const noexcept {
    const instant due = inside_.deadline();
    if (due == never) return duration::max();
    if (due == instant::min()) return duration::zero();
    return std::max(due - inside_.engine().now(), duration::zero());
}

int to_poll_timeout(duration patience) noexcept {
    if (patience == duration::max()) return -1;
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    return static_cast<int>(std::min<long long>(whole, 1'000'000'000));
}

}  // namespace nightjar::io
