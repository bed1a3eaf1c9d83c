#pragma once
// Stands between a client and its broker on the client's loop, and cuts connections when told to:
// after a number of bytes, wherever in a packet that is.

#include <nightjar/io/line.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace nightjar::client::test {

class relay final : private io::acceptor {
public:
    relay(io::loop& on, std::uint16_t broker_port);
    ~relay();

    std::uint16_t port() const { return listener_->local().port(); }
    /// How many bytes, both ways together, each new connection lives for; 0: for ever.
    std::function<std::size_t()> life = [] { return std::size_t{0}; };
    std::size_t cuts() const { return cuts_; }
    /// Cuts what is connected now.
    void cut_all();

private:
    class pair;
    void on_accept(io::stream& fresh) noexcept override;
    void on_accept_failed(error) noexcept override {}

    io::loop& loop_;
    std::uint16_t broker_port_;
    io::chunk_pool chunks_;
    std::vector<std::unique_ptr<pair>> pairs_;
    std::unique_ptr<io::listener> listener_;
    std::size_t cuts_ = 0;
};

}  // namespace nightjar::client::test
