#pragma once
// What a loop stands on: epoll, io_uring, libuv, libevent, a simulator. Only here are descriptors
// known.

#include <nightjar/base/time.hpp>

#include <nightjar/io/stream.hpp>

#include <memory>

namespace nightjar::io {

/// Hears of a listener's connections and troubles.
class acceptor {
public:
    /// A new connection; attach a receiver or close it before returning.
    virtual void on_accept(stream& fresh) noexcept = 0;
    /// Accepting stopped for now, e.g. `no_room` when the process is out of descriptors (EMFILE).
    /// The listener tries again by itself (after 100 ms); `on_accept_recovered` follows when a
    /// connection could be taken again.
    virtual void on_accept_failed(error why) noexcept = 0;
    virtual void on_accept_recovered() noexcept {}

protected:
    ~acceptor() = default;
};

/// Closing stops it; streams that it made live on.
class listener {
public:
    virtual ~listener() = default;
    /// With the port that the kernel chose where 0 was asked for.
    virtual endpoint local() const noexcept = 0;
    virtual void pause() noexcept = 0;
    virtual void resume() noexcept = 0;
};

struct listen_options {
    endpoint at{};
    int backlog = 4096;
    bool reuse_port = false;  ///< One listener a worker on the same port. [socket(7) SO_REUSEPORT]
    /// With reuse_port: `in_use` if anybody listens there already, as without it. For the first of
    /// several, lest two programs share a port unnoticed.
    bool claim = false;
    bool v6_only = true;
    bool no_delay = true;
    unsigned unix_mode =
        0;  ///< Permissions of a Unix socket's file; 0: as umask says. A stale file is replaced.
    std::string device{};  ///< SO_BINDTODEVICE; empty: any.
    /// A listening socket of the caller's, which several processes may share: the listener takes a
    /// copy of the descriptor, and all of the above is as it is on that socket. -1: none.
    int existing = -1;
    /// Of all listeners on a shared socket one is woken, not each. [epoll_ctl(2) EPOLLEXCLUSIVE]
    /// io_uring always does so; an engine that cannot ignores it.
    bool exclusive = false;
};

/// Hears how an attempt to connect ended. Exactly one of the two is called, from the loop.
class connector {
public:
    virtual void on_connected(stream& fresh) noexcept = 0;
    virtual void on_connect_failed(error why) noexcept = 0;

protected:
    ~connector() = default;
};

/// An attempt under way. Destroying it before it ended cancels it: the connector hears nothing.
class attempt {
public:
    virtual ~attempt() = default;
};

struct connect_options {
    endpoint to{};
    endpoint from{};  ///< none: the kernel chooses.
    bool no_delay = true;
};

/// Readiness of somebody else's descriptor (c-ares, signalfd, a guest library). Destroying it stops
/// it; the descriptor stays open.
class watch {
public:
    enum : unsigned { readable = 1, writable = 2, broken = 4 };
    class watcher {
    public:
        virtual void on_ready(unsigned what) noexcept = 0;

    protected:
        ~watcher() = default;
    };
    virtual ~watch() = default;
    /// Level-triggered: `readable | writable`, or 0 to pause.
    virtual void want(unsigned what) noexcept = 0;
};

/// Operations on files that an engine does itself; see files.hpp.
class file_operations;

class engine {
public:
    virtual ~engine() = default;

    virtual std::string_view name() const noexcept = 0;
    /// Reads the clock.
    virtual instant now() noexcept = 0;
    /// One turn: hands pending work to the kernel, waits until something happens or `until` is
    /// reached (past: do not wait, `never`: no limit), then delivers what happened. Nothing of
    /// receivers', acceptors' or watchers' is called outside of it.
    virtual void turn(instant until) noexcept = 0;
    /// Ends the wait of a turn, now or the next one. The only member that other threads may call.
    virtual void wake() noexcept = 0;
    /// Becomes readable when a turn has something to deliver: for a loop inside another one.
    /// Borrowed. -1 where there is no such descriptor.
    virtual int descriptor() const noexcept { return -1; }

    virtual result<std::unique_ptr<listener>> listen(const listen_options& how, acceptor& who) = 0;
    virtual result<std::unique_ptr<attempt>> connect(const connect_options& how,
                                                     connector& who) = 0;
    /// Takes over a connected stream socket, released elsewhere or brought by the caller. The
    /// caller attaches at once.
    virtual result<stream*> adopt(handle what) = 0;
    virtual result<std::unique_ptr<watch>> observe(int descriptor, watch::watcher& who) = 0;
    /// Null where files go through a work pool.
    virtual file_operations* files() noexcept { return nullptr; }
};

struct engine_options {
    std::size_t streams_max = 1'000'000;
    std::size_t read_buffer_bytes = 64 * 1024;  ///< What one read may bring at most.
};

/// Each fails with `unsupported` (or what the kernel said) where this machine or this build lacks
/// what the engine needs.
result<std::unique_ptr<engine>> make_epoll_engine(const engine_options& how = {});
result<std::unique_ptr<engine>> make_uring_engine(const engine_options& how = {});
/// On a libuv loop of its own. Times are rounded up to milliseconds.
result<std::unique_ptr<engine>> make_libuv_engine(const engine_options& how = {});
/// On a libevent base of its own. Times are rounded up to milliseconds.
result<std::unique_ptr<engine>> make_libevent_engine(const engine_options& how = {});

enum class engine_kind : std::uint8_t { automatic, epoll, uring, libuv, libevent };

/// `automatic` takes io_uring where the kernel offers all that the engine needs, else epoll;
/// `fallback`, if given, then receives the reason in a sentence (for one log line).
result<std::unique_ptr<engine>> make_engine(engine_kind which, const engine_options& how = {},
                                            std::string* fallback = nullptr);
/// "auto", "epoll", "io_uring", "libuv", "libevent".
std::string_view name_of(engine_kind which) noexcept;
/// `invalid` for any other name.
result<engine_kind> parse_engine(std::string_view name) noexcept;

}  // namespace nightjar::io
