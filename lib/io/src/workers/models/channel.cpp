#include "workers/models/channel.hpp"

#include "os/error.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace nightjar::io::models {
namespace {

/// Room for one descriptor, aligned as the kernel wants it.
union rights {
    cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
};

}  // namespace

result<channel::ends> channel::make() {
    int both[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) != 0)
        return fail(os::last_error());
    return ends{kernel_handle(both[0]), kernel_handle(both[1])};
}

result<> channel::listen(loop& home, hearer& who) {
    auto seen = home.engine().observe(descriptor(), *this);
    if (!seen) return fail(seen.error());
    who_ = &who;
    watch_ = std::move(*seen);
    watch_->want(watch::readable);
    return {};
}

bool channel::send(const word& what, int descriptor) noexcept {
    iovec piece{const_cast<word*>(&what), sizeof what};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    rights with{};
    if (descriptor >= 0) {
        message.msg_control = &with;
        message.msg_controllen = sizeof with.room;
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    ssize_t n = 0;
    do {
        n = ::sendmsg(this->descriptor(), &message, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n == static_cast<ssize_t>(sizeof what);
}

bool channel::receive(word& what, handle& with, bool& ended) noexcept {
    iovec piece{&what, sizeof what};
    rights came{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = &came;
    message.msg_controllen = sizeof came.room;
    const ssize_t n = ::recvmsg(descriptor(), &message, MSG_CMSG_CLOEXEC);
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (n > 0 && header != nullptr && header->cmsg_type == SCM_RIGHTS) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(header), sizeof number);
        with = kernel_handle(number);
    }
    ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
    return n == static_cast<ssize_t>(sizeof what);
}

void channel::on_ready(unsigned) noexcept {
    bool ended = false;
    for (;;) {
        word what;
        handle with;
        if (!receive(what, with, ended)) break;
        who_->on_word(what, std::move(with));
    }
    if (!ended) return;
    watch_->want(0);
    who_->on_hung_up();
}

}  // namespace nightjar::io::models
