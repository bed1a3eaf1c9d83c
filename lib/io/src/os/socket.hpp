#pragma once
// Sockets made ready for an engine: non-blocking, close-on-exec, bound, listening. No engine
// differs in this.

#include <nightjar/io/datagram.hpp>

namespace nightjar::io::os {

/// Bound and listening. TCP_NODELAY is set on it, which accepted sockets inherit on Linux.
result<handle> open_listener(const listen_options& how);

/// Ready for connect(2), bound to `how.from` where that is given.
result<handle> open_connector(const connect_options& how);

/// Bound for datagrams.
result<handle> open_datagram(const datagram_options& how);

/// O_NONBLOCK for a socket that somebody else made.
bool set_nonblocking(int socket) noexcept;

/// The pending error of a socket, 0 if none; reading it clears it. [socket(7) SO_ERROR]
int take_error(int socket) noexcept;

/// POLLHUP and POLLERR of a descriptor, as they are now. [poll(2)]
unsigned state_of(int descriptor) noexcept;

/// An acknowledgement that waits for company is sent now. [tcp(7) TCP_QUICKACK]
void acknowledge_now(int socket) noexcept;

/// The next close(2) sends a reset.
void reset_on_close(int socket) noexcept;

}  // namespace nightjar::io::os
