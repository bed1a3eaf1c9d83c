#pragma once
// A server in a few lines: listens, and gives each connection a handler of its own. For echo
// servers, tools and tests; a server with policies of its own implements acceptor and receiver.

#include <nightjar/io/line.hpp>

namespace nightjar::io {

struct serve_options {
    std::uint16_t port = 0;               ///< 0: the kernel chooses; see `server::port`.
    std::string address = "127.0.0.1";    ///< "::" for everybody.
    std::uint32_t out_max = 1024 * 1024;  ///< Bytes that may wait for one peer.
};

/// Destroying it closes the listener and all connections, and turns the loop until they have heard
/// of it. Promise: not destroyed from inside a turn, and before its loop.
class server {
public:
    /// Makes what receives one connection: a line that deletes itself in on_gone().
    class crew : private acceptor {
    public:
        crew(loop& on, std::uint32_t out_max) noexcept : on_(on), out_max_(out_max) {}
        virtual ~crew() = default;
        crew(const crew&) = delete;
        crew& operator=(const crew&) = delete;

        result<> listen(const serve_options& how);
        endpoint local() const noexcept { return listener_->local(); }
        void dismiss() noexcept;

        /// A member of each connection: counts it, and lets the crew end it.
        class post : public list_hook<post> {
        public:
            virtual void leave() noexcept = 0;

        protected:
            ~post() = default;
        };

    protected:
        virtual void take(stream& fresh) = 0;
        loop& home() noexcept { return on_; }
        chunk_pool& pool() noexcept { return pool_; }
        std::uint32_t out_max() const noexcept { return out_max_; }
        void enlist(post& who) noexcept { posts_.push_back(who); }

    private:
        void on_accept(stream& fresh) noexcept final { take(fresh); }
        void on_accept_failed(error) noexcept final {}  // the listener tries again by itself

        loop& on_;
        std::uint32_t out_max_;
        chunk_pool pool_;
        intrusive_list<post, post> posts_;
        std::unique_ptr<listener> listener_;
    };

    explicit server(std::unique_ptr<crew> who) noexcept
        : port(who->local().port()), crew_(std::move(who)) {}
    server(server&&) noexcept = default;
    server& operator=(server&&) = delete;
    ~server() {
        if (crew_) crew_->dismiss();
    }

    std::uint16_t port;
    endpoint local() const noexcept { return crew_->local(); }

private:
    std::unique_ptr<crew> crew_;
};

namespace detail {

/// A connection with its handler inside: one allocation.
template <class Handler>
class served final : public line, public server::crew::post {
public:
    using line::line;
    void start(stream& fresh) noexcept { open(fresh); }

private:
    void on_bytes(bytes lent) noexcept override { handler_.on_data(*this, lent); }
    void on_gone(error) noexcept override { delete this; }
    void leave() noexcept override { drop(); }

    Handler handler_;
};

template <class Handler>
class handlers final : public server::crew {
public:
    using server::crew::crew;

private:
    void take(stream& fresh) override {
        auto* made = new served<Handler>(home(), pool(), out_max());
        enlist(*made);
        made->start(fresh);
    }
};

}  // namespace detail

/// Listens, and calls `on_data(io::line& peer, bytes lent)` of a Handler that lives as long as its
/// connection. The lent bytes are valid during the call; write(), close() and drop() of `peer` may
/// be called at any time until then and later.
template <class Handler>
[[nodiscard]] result<server> serve(loop& on, const serve_options& how = {}) {
    auto made = std::make_unique<detail::handlers<Handler>>(on, how.out_max);
    if (auto listens = made->listen(how); !listens) return fail(listens.error());
    return server(std::move(made));
}

/// Prints "echo: address in use" to standard error and returns 1, for `return io::complain(...)` in
/// main().
int complain(std::string_view who, error why) noexcept;

}  // namespace nightjar::io
