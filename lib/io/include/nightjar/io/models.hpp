#pragma once
// A server on every core: one handler, and seven ways to bring connections to processes and
// threads. The caller's thread runs the server until a signal ends it.
//
//   single     one loop
//   fork       a process per connection, or one per core, forked when a connection comes
//   prefork    processes made beforehand, all accepting from one listening socket
//   cluster    a master accepts and hands connections to processes, one after the other
//   threads    one thread accepts and hands connections to threads with a loop each
//   reuseport  threads or processes, each with a listening socket of its own on the same port
//   pool       one loop reads and writes, threads run the handler
//
// Signals, as with nginx: QUIT drains, TERM and INT stop at once, HUP replaces worker processes one
// by one, USR1 asks for the counters. See docs/models.md.

#include <nightjar/io/model_guest.hpp>
#include <nightjar/io/workers.hpp>

#include <span>
#include <string>
#include <string_view>

namespace nightjar::io {

enum class model : std::uint8_t { single, fork, prefork, cluster, threads, reuseport, pool };

/// "single", "fork", …; `invalid` for anything else.
result<model> parse_model(std::string_view name) noexcept;
std::string_view name_of(model which) noexcept;

/// What one worker has done. A worker that was replaced goes on counting where its predecessor
/// ended.
struct worker_counts {
    unsigned worker = 0;
    int pid = 0;                    ///< The process it lives in now; 0: in none.
    unsigned lives = 0;             ///< How many processes it has had so far. 1 for a thread.
    std::uint64_t connections = 0;  ///< Open now. Under `pool` all are worker 0's.
    std::uint64_t accepted = 0;
    std::uint64_t messages = 0;  ///< Calls of the handler: what one read brought is one.
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;  ///< What handlers wrote and was taken.
};

/// Hears what happens to a server. All calls come on the thread that serves, in the first process.
class overseer {
public:
    /// Everything is open. Once.
    virtual void on_listening(const endpoint&, unsigned /*workers*/, std::string_view /*engine*/) {}
    /// A sentence for the log: why it cannot start, a worker that died, a signal without effect.
    virtual void on_note(std::string_view) {}
    /// Somebody sent USR1.
    virtual void on_counters(std::span<const worker_counts>) {}

protected:
    ~overseer() = default;
};

struct model_options {
    io::model model = io::model::reuseport;
    std::uint16_t port = 0;             ///< 0: the kernel chooses.
    std::string address = "127.0.0.1";  ///< "::" for everybody.

    /// How many, on which engine, on which CPUs and NUMA nodes. `count` 0: usable_cores(); 1024 at
    /// most. `one_by_one` has no effect.
    workers_options workers{};

    bool per_connection = true;  ///< fork: else a process per core.
    bool by_mutex = false;       ///< prefork: whoever holds a mutex accepts; else EPOLLEXCLUSIVE.
    bool by_process = false;     ///< reuseport: processes, not threads.
    bool steer = false;  ///< reuseport: to the worker pinned to the CPU that received. Pins them.

    unsigned processes_max = 1024;  ///< fork, a process per connection: at once. 4096 at most.
    std::uint32_t connections_max = 1'000'000;  ///< Per worker; newcomers wait in the backlog.
    std::uint32_t out_max = 1024 * 1024;  ///< Bytes that may wait for one peer; 256 KiB at least.
    std::uint32_t tasks_max = 256;        ///< pool: reads under way; then nothing is read.

    duration drain_max = 30s;  ///< What is still open then is cut.
    duration drain_quiet =
        250ms;  ///< A connection that is silent for so long has no open exchange.

    overseer* tell = nullptr;
};

namespace models {

/// Runs it all; see serve().
result<> run(const model_options& how, const guest_maker& make);

template <class Handler>
class maker final : public guest_maker {
public:
    explicit maker(const Handler& like) : like_(like) {}
    guest* make(floor& where) const override { return new handled<Handler>(where, like_); }

private:
    const Handler& like_;
};

}  // namespace models

/// Serves until QUIT, TERM or INT, and returns when all has ended; an error says why it could not
/// start. Each connection gets a copy of `like`, on which `on_data(io::outlet& peer, bytes lent)`
/// is called, never by two threads at once; the lent bytes are valid, and writable, during the
/// call. Where a Handler has `bool is_idle() const`, a connection is not drained while it says
/// false.
///
/// Takes QUIT, TERM, INT, HUP and USR1 for as long as it runs. With processes: call it before there
/// are other threads; a worker's process ends without returning from here.
template <class Handler>
[[nodiscard]] result<> serve(const model_options& how, const Handler& like = {}) {
    return models::run(how, models::maker<Handler>(like));
}

}  // namespace nightjar::io
