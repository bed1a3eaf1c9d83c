// An echo server on plain libuv: all connections read into one buffer of the loop, what came is
// answered with uv_try_write, and only what the socket did not take at once becomes a uv_write with
// a copy of its own; reading rests until that is over.

#include <uv.h>

#include <cstring>
#include <string>

#include "peer.hpp"

namespace {

struct connection {
    uv_tcp_t socket{};
    uv_write_t request{};
    std::string kept{};
};

connection& of(uv_handle_t* handle) { return *static_cast<connection*>(handle->data); }

void lend(uv_handle_t*, std::size_t, uv_buf_t* room) {
    static char memory[peer::read_size];
    *room = uv_buf_init(memory, sizeof memory);
}

void leave(connection& who) {
    auto* handle = reinterpret_cast<uv_handle_t*>(&who.socket);
    if (!uv_is_closing(handle)) uv_close(handle, [](uv_handle_t* gone) { delete &of(gone); });
}

void on_read(uv_stream_t* stream, ssize_t got, const uv_buf_t* room);

void on_written(uv_write_t* request, int status) {
    auto& who = *static_cast<connection*>(request->data);
    if (status != 0) return leave(who);
    uv_read_start(reinterpret_cast<uv_stream_t*>(&who.socket), lend, on_read);
}

void write_later(connection& who, const char* data, std::size_t size) {
    auto* stream = reinterpret_cast<uv_stream_t*>(&who.socket);
    who.kept.assign(data, size);
    uv_buf_t rest = uv_buf_init(who.kept.data(), static_cast<unsigned>(size));
    uv_read_stop(stream);
    if (uv_write(&who.request, stream, &rest, 1, on_written) != 0) leave(who);
}

void on_read(uv_stream_t* stream, ssize_t got, const uv_buf_t* room) {
    connection& who = of(reinterpret_cast<uv_handle_t*>(stream));
    if (got < 0) return leave(who);
    if (got == 0) return;
    const uv_buf_t all = uv_buf_init(room->base, static_cast<unsigned>(got));
    const int sent = uv_try_write(stream, &all, 1);
    if (sent < 0 && sent != UV_EAGAIN) return leave(who);
    const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
    if (taken < all.len) write_later(who, all.base + taken, all.len - taken);
}

void on_connection(uv_stream_t* listener, int status) {
    if (status != 0) return;
    auto* fresh = new connection;
    uv_tcp_init(listener->loop, &fresh->socket);
    fresh->socket.data = fresh->request.data = fresh;
    auto* stream = reinterpret_cast<uv_stream_t*>(&fresh->socket);
    if (uv_accept(listener, stream) != 0) return leave(*fresh);
    uv_tcp_nodelay(&fresh->socket, 1);
    uv_read_start(stream, lend, on_read);
}

}  // namespace

int main(int count, char** words) {
    const peer::arguments where = peer::start(count, words);
    const sockaddr_in at = peer::address_of(where);
    uv_loop_t* loop = uv_default_loop();
    uv_tcp_t listener;
    uv_tcp_init(loop, &listener);
    int trouble = uv_tcp_bind(&listener, reinterpret_cast<const sockaddr*>(&at), 0);
    if (trouble == 0)
        trouble =
            uv_listen(reinterpret_cast<uv_stream_t*>(&listener), peer::backlog, on_connection);
    if (trouble != 0) peer::give_up(where.address, uv_strerror(trouble));
    uv_os_fd_t descriptor = -1;
    uv_fileno(reinterpret_cast<uv_handle_t*>(&listener), &descriptor);
    peer::announce(where, descriptor);
    return uv_run(loop, UV_RUN_DEFAULT);
}
