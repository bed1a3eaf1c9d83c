// The floor: an echo server on nothing but epoll, level-triggered, one recv and one send for what
// has come. What a socket does not take at once is kept, and nothing more read until it has left.

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "peer.hpp"

namespace {

struct connection {
    int socket;
    std::string kept{};
};

void watch(int poll, int operation, connection& who, std::uint32_t events) {
    epoll_event what{};
    what.events = events;
    what.data.ptr = &who;
    if (::epoll_ctl(poll, operation, who.socket, &what) != 0)
        peer::give_up("epoll_ctl", std::strerror(errno));
}

void leave(connection& who) {
    ::close(who.socket);
    delete &who;
}

/// How many bytes the socket took; -1: the connection is broken.
ssize_t send_some(int socket, const char* data, std::size_t size) {
    const ssize_t sent = ::send(socket, data, size, MSG_NOSIGNAL);
    return sent < 0 && errno == EAGAIN ? 0 : sent;
}

void accept_one(int poll, int listener) {
    const int fresh = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fresh < 0) return;
    const int on = 1;
    ::setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(poll, EPOLL_CTL_ADD, *new connection{fresh}, EPOLLIN);
}

void write_kept(int poll, connection& who) {
    const ssize_t sent = send_some(who.socket, who.kept.data(), who.kept.size());
    if (sent < 0) return leave(who);
    who.kept.erase(0, static_cast<std::size_t>(sent));
    if (who.kept.empty()) watch(poll, EPOLL_CTL_MOD, who, EPOLLIN);
}

void echo(int poll, connection& who, std::array<char, peer::read_size>& room) {
    const ssize_t got = ::recv(who.socket, room.data(), room.size(), 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return leave(who);
    const ssize_t sent = send_some(who.socket, room.data(), static_cast<std::size_t>(got));
    if (sent < 0) return leave(who);
    if (sent == got) return;
    who.kept.assign(room.data() + sent, static_cast<std::size_t>(got - sent));
    watch(poll, EPOLL_CTL_MOD, who, EPOLLOUT);
}

int open_listener(const peer::arguments& where) {
    const sockaddr_in at = peer::address_of(where);
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listener, peer::backlog) != 0)
        peer::give_up(where.address, std::strerror(errno));
    peer::announce(where, listener);
    return listener;
}

}  // namespace

int main(int count, char** words) {
    connection door{open_listener(peer::start(count, words))};
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    watch(poll, EPOLL_CTL_ADD, door, EPOLLIN);
    static std::array<char, peer::read_size> room;
    std::array<epoll_event, 256> ready;
    for (;;) {
        const int events = ::epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), -1);
        for (int i = 0; i < events; ++i) {
            const epoll_event& one = ready[static_cast<std::size_t>(i)];
            auto& who = *static_cast<connection*>(one.data.ptr);
            if (&who == &door) {
                accept_one(poll, door.socket);
            } else if (!who.kept.empty()) {
                write_kept(poll, who);
            } else {
                echo(poll, who, room);
            }
        }
    }
}
