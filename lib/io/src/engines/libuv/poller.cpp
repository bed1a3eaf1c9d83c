#include "engines/libuv/poller.hpp"

#include "os/socket.hpp"

#include <cerrno>
#include <memory>
#include <utility>

namespace nightjar::io::libuv {

struct poller::post {
    uv_poll_t handle{};
    readiness::source* who = nullptr;
    interest wanted = interest::absent;
};

namespace {

using readiness::interest;

/// A descriptor of which nothing is wanted is watched for the peer's end all the same: libuv then
/// reports that it broke.
int to_uv_events(interest what) noexcept {
    const auto bits = static_cast<unsigned>(what);
    const int events =
        ((bits & 1U) != 0 ? int{UV_READABLE} : 0) | ((bits & 2U) != 0 ? int{UV_WRITABLE} : 0);
    return events == 0 ? int{UV_DISCONNECT} : events;
}

bool refuse(int code) noexcept {
    errno = -code;
    return false;
}

}  // namespace

poller::~poller() {
    discard();
    for (std::size_t fd = 0; fd < posts_.size(); ++fd) {
        if (posts_[fd] != nullptr) remove(static_cast<int>(fd));
    }
}

bool poller::change(int fd, readiness::source& who, interest from, interest to) noexcept {
    if (from == to) return true;
    if (to == interest::absent) {
        remove(fd);
        return true;
    }
    post* const at =
        from == interest::absent ? place(fd, who) : posts_[static_cast<std::size_t>(fd)];
    if (at == nullptr) return false;
    at->wanted = to;
    const int code = start(*at);
    if (code == 0) return true;
    if (from == interest::absent) remove(fd);
    return refuse(code);
}

poller::post* poller::place(int fd, readiness::source& who) noexcept {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= posts_.size()) posts_.resize(index + index / 2 + 64);
    auto made = std::make_unique<post>();
    const int code = ::uv_poll_init(&loop_, &made->handle, fd);
    if (code != 0) {
        errno = -code;
        return nullptr;
    }
    made->who = &who;
    made->handle.data = made.get();
    posts_[index] = made.get();
    return made.release();
}

void poller::remove(int fd) noexcept {
    post* const gone = std::exchange(posts_[static_cast<std::size_t>(fd)], nullptr);
    gone->who = nullptr;
    ::uv_close(reinterpret_cast<uv_handle_t*>(&gone->handle),
               [](uv_handle_t* handle) { delete static_cast<post*>(handle->data); });
}

int poller::start(post& which) noexcept {
    return ::uv_poll_start(&which.handle, to_uv_events(which.wanted), on_poll);
}

void poller::on_poll(uv_poll_t* handle, int status, int events) noexcept {
    post& mine = *static_cast<post*>(handle->data);
    if (mine.who == nullptr) return;
    if (status < 0) {
        // libuv has stopped watching a broken descriptor. Ours are level-triggered: whoever wants
        // to go on hears of it again.
        start(mine);
        const auto wanted = readiness::to_events(mine.wanted);
        return mine.who->on_event(EPOLLERR | wanted);
    }
    std::uint32_t found = ((events & UV_READABLE) != 0 ? std::uint32_t{EPOLLIN} : 0U) |
                          ((events & UV_WRITABLE) != 0 ? std::uint32_t{EPOLLOUT} : 0U);
    if (mine.wanted == interest::nothing) {
        uv_os_fd_t fd = -1;
        ::uv_fileno(reinterpret_cast<uv_handle_t*>(handle), &fd);
        found = os::state_of(fd);
        // The peer has ended its side and nobody is reading: silent until something is wanted,
        // since this would be reported for ever.
        if (found == 0) {
            ::uv_poll_stop(handle);
            return;
        }
    }
    mine.who->on_event(found);
}

}  // namespace nightjar::io::libuv
