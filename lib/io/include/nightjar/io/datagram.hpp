#pragma once
// Datagrams: UDP, or a Unix datagram socket. It keeps none: what cannot be sent now is refused,
// what nobody reads the kernel drops.

#include <nightjar/io/loop.hpp>

namespace nightjar::io {

struct datagram_options {
    endpoint at{};
    bool reuse_port = false;
    std::size_t size_max = 65'536;  ///< Longer ones are cut.
};

class datagram final : private watch::watcher {
public:
    class receiver {
    public:
        /// `lent` is valid, and writable, during the call; empty for an empty datagram. Must not
        /// destroy the socket.
        virtual void on_datagram(const endpoint& from, bytes lent) noexcept = 0;
        /// The network's answer to something sent earlier, e.g. `refused` for a connected peer's
        /// ICMP. The socket lives on.
        virtual void on_datagram_error(error) noexcept {}

    protected:
        ~receiver() = default;
    };

    static result<std::unique_ptr<datagram>> bind(loop& on, const datagram_options& how,
                                                  receiver& who);
    ~datagram() = default;
    datagram(const datagram&) = delete;
    datagram& operator=(const datagram&) = delete;

    /// Sends `what` as one datagram, all of it or nothing. `no_room`: the socket's buffer is full,
    /// now.
    result<> send(const endpoint& to, bytes_view what) noexcept;
    endpoint local() const noexcept;
    /// For options of its own. Owned by this object.
    int descriptor() const noexcept { return static_cast<int>(socket_.value()); }

private:
    datagram(handle socket, std::size_t size_max, receiver& who);
    void on_ready(unsigned what) noexcept override;
    bool read_one() noexcept;

    handle socket_;
    receiver* who_;
    std::vector<byte> room_;
    std::unique_ptr<watch> watch_;
};

}  // namespace nightjar::io
