#pragma once
// Datagrams: UDP, or a Unix datagram socket. It keeps none: what cannot be sent now is refused,
// what nobody reads the kernel drops. One system call reads and sends many.

#include <nightjar/io/loop.hpp>

namespace nightjar::io {

struct datagram_options {
    endpoint at{};
    bool reuse_port = false;     ///< One socket a worker on the same port.
    bool reuse_address = false;  ///< Several receivers of one multicast group on the same port.
    bool broadcast = false;      ///< Sending to a broadcast address is allowed.
    /// The kernel may hand over several datagrams of one sender as one, which is cut into them
    /// here: fewer system calls under load. [udp(7) UDP_GRO] Nothing where there is no such thing.
    bool coalesce = false;
    std::size_t size_max = 65'536;  ///< Longer ones are cut. Smaller: more of them in one call.
    int receive_buffer_bytes = 0;   ///< SO_RCVBUF; 0: as the system says.
    int send_buffer_bytes = 0;
};

class datagram final : private watch::watcher {
public:
    class receiver {
    public:
        /// `lent` is valid, and writable, during the call; empty for an empty datagram. Must not
        /// destroy the socket.
        virtual void on_datagram(const endpoint& from, bytes lent) noexcept = 0;
        /// What one system call brought was told: the moment to answer all of it at once.
        virtual void on_datagrams_end() noexcept {}
        /// The network's answer to something sent earlier, e.g. `refused` for a connected peer's
        /// ICMP. The socket lives on.
        virtual void on_datagram_error(error) noexcept {}

    protected:
        ~receiver() = default;
    };
    struct outgoing {
        endpoint to;
        bytes_view what;
    };

    static result<std::unique_ptr<datagram>> bind(loop& on, const datagram_options& how,
                                                  receiver& who);
    ~datagram();
    datagram(const datagram&) = delete;
    datagram& operator=(const datagram&) = delete;

    /// Sends `what` as one datagram, all of it or nothing. `no_room`: the socket's buffer is full,
    /// now.
    result<> send(const endpoint& to, bytes_view what) noexcept;
    /// The same, to the peer of connect().
    result<> send(bytes_view what) noexcept;
    /// Sends them in order, up to 64 in a system call, and returns how many were taken: fewer when
    /// the buffer is full. An error is the first one's. [sendmmsg(2)]
    result<std::size_t> send(std::span<const outgoing> all) noexcept;
    /// Sends `what` cut into datagrams of `each` bytes (the last may be shorter), and returns how
    /// many bytes were taken. The kernel or the card does the cutting where it can. [udp(7)
    /// UDP_SEGMENT] Promise: `each` is not 0.
    result<std::size_t> send_cut(const endpoint& to, bytes_view what, std::size_t each) noexcept;

    /// Only that peer's datagrams are told from now on, and send() without an address goes to it;
    /// its ICMP answers become on_datagram_error.
    result<> connect(const endpoint& to) noexcept;

    /// Receives what is sent to the multicast group `group` (its port does not matter) on that
    /// interface (0: the kernel chooses). With `only_from` only that sender's. [RFC 3678]
    result<> join(const endpoint& group, unsigned interface = 0,
                  const endpoint& only_from = {}) noexcept;
    result<> leave(const endpoint& group, unsigned interface = 0,
                   const endpoint& only_from = {}) noexcept;
    /// How many routers it may pass; 1 to 255. Multicast has its own and begins with 1.
    result<> set_hops(int most) noexcept;
    result<> set_multicast_hops(int most) noexcept;
    /// Whether members on this machine get what we send to a group; at first they do.
    result<> set_multicast_loop(bool on) noexcept;
    /// Through which interface multicast leaves; 0: the kernel chooses.
    result<> set_multicast_interface(unsigned index) noexcept;

    endpoint local() const noexcept;
    /// For options of its own. Owned by this object.
    int descriptor() const noexcept { return static_cast<int>(socket_.value()); }

private:
    class inbox;

    datagram(handle socket, const datagram_options& how, receiver& who);
    result<> configure(const datagram_options& how) noexcept;
    void on_ready(unsigned what) noexcept override;
    bool read_batch(std::size_t& told) noexcept;
    result<> send_one(const void* to, unsigned to_size, bytes_view what) noexcept;
    result<std::size_t> send_offloaded(const endpoint& to, bytes_view what,
                                       std::size_t each) noexcept;
    bool is_v6() const noexcept { return family_ == endpoint::family::v6; }
    result<> set(int level, int option, int value) noexcept;
    result<> change_membership(bool in, const endpoint& group, unsigned interface,
                               const endpoint& only_from) noexcept;

    handle socket_;
    receiver* who_;
    std::unique_ptr<inbox> inbox_;
    std::unique_ptr<watch> watch_;
    std::size_t size_max_;
    endpoint::family family_;
    bool can_offload_;  // cutting, as far as we know
};

}  // namespace nightjar::io
