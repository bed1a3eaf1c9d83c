#pragma once
// Coroutines over the stream contract: `co_await peer.read()`, `co_await peer.write(bytes)`. Sugar,
// not a second runtime: a coroutine runs inside the loop's callbacks, on its thread, and costs one
// allocation a connection and a copy of what is read. Needs a compiler with C++20 coroutines.

#include <nightjar/io/serve.hpp>

#include <coroutine>
#include <optional>
#include <vector>

namespace nightjar::io {

/// Something that runs by itself from its first line to its last. Nobody waits for it, so it
/// returns nothing; it must not throw.
template <class T = void>
class task;

template <>
class task<void> {
public:
    struct promise_type {
        task get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        [[noreturn]] void unhandled_exception() noexcept {
            broken_promise("a task does not throw", code_place::here());
        }
    };
};

namespace detail {

/// The connection under a coroutine. Frees itself when the stream is gone and the coroutine has let
/// go of it.
class seat final : public line, public server::crew::post {
public:
    using line::line;
    void start(stream& fresh) noexcept { open(fresh); }

    /// What came since the last read; empty: nothing yet.
    bool has_news() const noexcept { return !fresh_.empty() || is_gone_; }
    std::optional<bytes> take_news() noexcept;
    void wait_for_news(std::coroutine_handle<> who) noexcept;

    /// Puts as much of `rest` as has room; whether that was all, or the peer is gone.
    bool try_write(bytes_view& rest) noexcept;
    void wait_for_room(bytes_view rest, std::coroutine_handle<> who) noexcept;
    bool is_gone() const noexcept { return is_gone_ || !is_open(); }

    void let_go() noexcept;

private:
    void on_bytes(bytes lent) noexcept override;
    void on_room() noexcept override;
    void on_gone(error why) noexcept override;
    void leave() noexcept override { drop(); }
    void wake(std::coroutine_handle<>& who) noexcept;

    std::vector<byte> fresh_;  // came, and nobody asked yet
    std::vector<byte> lent_;   // what the coroutine holds until its next read()
    bytes_view rest_;
    std::coroutine_handle<> reader_, writer_;
    bool is_gone_ = false;
    bool is_let_go_ = false;
    bool is_busy_ = false;  // a callback of this runs; whoever ends it here is freed after it
};

}  // namespace detail

/// One connection, in the hands of a coroutine. Letting go of it closes, once all that was written
/// has left.
class peer {
public:
    explicit peer(detail::seat& its) noexcept : its_(&its) {}
    peer(peer&& other) noexcept : its_(std::exchange(other.its_, nullptr)) {}
    peer& operator=(peer&&) = delete;
    ~peer() {
        if (its_ != nullptr) its_->let_go();
    }

    struct reading {
        detail::seat& its;
        bool await_ready() noexcept { return its.has_news(); }
        void await_suspend(std::coroutine_handle<> who) noexcept { its.wait_for_news(who); }
        std::optional<bytes> await_resume() noexcept { return its.take_news(); }
    };
    struct writing {
        detail::seat& its;
        bytes_view rest;
        bool await_ready() noexcept { return its.try_write(rest); }
        void await_suspend(std::coroutine_handle<> who) noexcept { its.wait_for_room(rest, who); }
        bool await_resume() noexcept { return !its.is_gone(); }
    };

    /// The next bytes, lent until the next read(); nothing once the connection has ended, for
    /// whatever reason.
    reading read() noexcept { return {*its_}; }
    /// Takes a copy; suspends only while it does not fit. false: the connection has ended.
    writing write(bytes_view what) noexcept { return {*its_, what}; }

    endpoint address() const noexcept { return its_->line::peer(); }

private:
    detail::seat* its_;
};

namespace detail {

template <class Coroutine>
class coroutines final : public server::crew {
public:
    coroutines(loop& on, std::uint32_t out_max, Coroutine body)
        : server::crew(on, out_max), body_(std::move(body)) {}

private:
    void take(stream& fresh) override {
        auto* made = new seat(home(), pool(), out_max());
        enlist(*made);
        made->start(fresh);
        body_(peer(*made));
    }

    Coroutine body_;
};

}  // namespace detail

/// Listens, and starts `body(io::peer)`, a coroutine that returns io::task<>, for each connection.
template <class Coroutine>
[[nodiscard]] result<server> serve(loop& on, const serve_options& how, Coroutine body) {
    auto made = std::make_unique<detail::coroutines<Coroutine>>(on, how.out_max, std::move(body));
    if (auto listens = made->listen(how); !listens) return fail(listens.error());
    return server(std::move(made));
}

}  // namespace nightjar::io
