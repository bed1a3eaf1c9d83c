// An echo server on Asio, with callbacks: each connection owns its buffer and keeps itself alive
// while an operation of its is under way. The context knows that it has one thread.

#include <array>
#include <asio.hpp>
#include <memory>

#include "peer.hpp"

namespace {

using asio::ip::tcp;

class session : public std::enable_shared_from_this<session> {
public:
    explicit session(tcp::socket fresh) : socket_(std::move(fresh)) {}

    void read() {
        socket_.async_read_some(asio::buffer(room_), [self = shared_from_this()](
                                                         asio::error_code failed, std::size_t got) {
            if (!failed) self->write(got);
        });
    }

private:
    void write(std::size_t size) {
        asio::async_write(socket_, asio::buffer(room_, size),
                          [self = shared_from_this()](asio::error_code failed, std::size_t) {
                              if (!failed) self->read();
                          });
    }

    tcp::socket socket_;
    std::array<char, peer::read_size> room_;
};

void accept_next(tcp::acceptor& from) {
    from.async_accept([&from](asio::error_code failed, tcp::socket fresh) {
        if (!failed) {
            asio::error_code ignored;
            fresh.set_option(tcp::no_delay(true), ignored);
            std::make_shared<session>(std::move(fresh))->read();
        }
        accept_next(from);
    });
}

}  // namespace

int main(int count, char** words) {
    const peer::arguments where = peer::start(count, words);
    try {
        asio::io_context context(1);
        const tcp::endpoint at(asio::ip::make_address(where.address),
                               static_cast<asio::ip::port_type>(where.port));
        tcp::acceptor listener(context, at);
        listener.listen(peer::backlog);
        peer::announce(where, listener.native_handle());
        accept_next(listener);
        context.run();
    } catch (const std::exception& failed) {
        peer::give_up(where.address, failed.what());
    }
}
