// An echo server on plain libevent, with bufferevents: what came moves from the input to the output
// without a copy, and reading rests while a peer that does not read has a megabyte to come. Its
// limits per turn are as elsewhere; what libevent 2.1 reads with one system call is 4 KiB even so.

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "peer.hpp"

namespace {

constexpr std::size_t waiting_max = 1024 * 1024;

void on_read(bufferevent* who, void*) {
    evbuffer* out = bufferevent_get_output(who);
    evbuffer_add_buffer(out, bufferevent_get_input(who));
    if (evbuffer_get_length(out) > waiting_max) bufferevent_disable(who, EV_READ);
}

void on_drained(bufferevent* who, void*) {
    if ((bufferevent_get_enabled(who) & EV_READ) == 0) bufferevent_enable(who, EV_READ);
}

void on_event(bufferevent* who, short what, void*) {
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0) bufferevent_free(who);
}

void on_accept(evconnlistener*, evutil_socket_t socket, sockaddr*, int, void* base) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto* who =
        bufferevent_socket_new(static_cast<event_base*>(base), socket, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_set_max_single_read(who, peer::read_size);
    bufferevent_set_max_single_write(who, peer::read_size);
    bufferevent_setcb(who, on_read, on_drained, on_event, nullptr);
    bufferevent_enable(who, EV_READ | EV_WRITE);
}

/// One thread, and no descriptor registered twice: then changes of interest may wait for the next
/// epoll_wait, so that one which is taken back costs no system call.
event_base* make_base() {
    event_config* how = event_config_new();
    event_config_set_flag(how, EVENT_BASE_FLAG_NOLOCK);
    event_config_set_flag(how, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    event_base* made = event_base_new_with_config(how);
    event_config_free(how);
    return made;
}

}  // namespace

int main(int count, char** words) {
    const peer::arguments where = peer::start(count, words);
    const sockaddr_in at = peer::address_of(where);
    event_base* base = make_base();
    evconnlistener* listener =
        evconnlistener_new_bind(base, on_accept, base, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE,
                                peer::backlog, reinterpret_cast<const sockaddr*>(&at), sizeof at);
    if (listener == nullptr) peer::give_up(where.address, std::strerror(errno));
    peer::announce(where, evconnlistener_get_fd(listener));
    return event_base_dispatch(base);
}
