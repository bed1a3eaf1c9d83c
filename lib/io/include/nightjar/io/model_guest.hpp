#pragma once
// A connection of a server with a model: a line, and the handler that answers on it. What
// models.hpp is made of; programs include that one.

#include <nightjar/io/line.hpp>

#include <atomic>
#include <memory>

namespace nightjar::io::models {

class floor;
struct job;

/// What one worker has done, in memory that its process shares with the first one. One writer per
/// field, so no read-modify-write; readers see each field whole.
struct alignas(128) counter_row {
    using field = std::atomic<std::uint64_t>;
    field connections{0}, accepted{0}, messages{0}, bytes_in{0}, bytes_out{0};

    static void add(field& to, std::uint64_t more) noexcept {
        to.store(to.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
};

/// Lives on a floor, which ends it. Deletes itself through the floor when its line is gone and
/// nobody works for it.
class guest : public line, public list_hook<guest> {
public:
    explicit guest(floor& where) noexcept;
    virtual ~guest() = default;

    void start(stream& fresh) noexcept;
    bool write(bytes_view what) noexcept final;

    /// The handler's work; on the loop's thread, or on one of the pool's while is_busy().
    virtual void answer(outlet& to, bytes asked) noexcept = 0;

    /// A task of it is under way.
    bool is_busy() const noexcept { return busy_; }
    void set_busy(bool busy) noexcept { busy_ = busy; }
    /// Reads, or not: not while it is busy, nor while its floor takes no tasks.
    void steer_input() noexcept;
    /// The task is over: says what it collected, unless the line is gone.
    void deliver(job& done) noexcept;
    /// Called again and again while its floor drains: closes it when it was silent for two calls.
    void sweep() noexcept;

    /// As they were when it came; the pool's threads cannot ask the line.
    struct ends {
        endpoint peer, local;
    };
    const ends& whose() const noexcept { return *ends_; }

private:
    virtual bool is_idle() const noexcept = 0;

    void on_bytes(bytes lent) noexcept final;
    bool on_end() noexcept final;
    void on_gone(error why) noexcept final;
    bool is_settled() const noexcept { return !busy_ && waiting() == 0; }

    floor& where_;
    counter_row& counts_;
    std::unique_ptr<ends> ends_;  // under a pool only
    bool busy_ = false;
    bool ended_ = false;  // the peer's side
    bool gone_ = false;
    bool heard_ = false;
    std::uint8_t silent_sweeps_ = 0;
};

template <class Handler>
class handled final : public guest {
public:
    handled(floor& where, const Handler& like) : guest(where), handler_(like) {}
    void answer(outlet& to, bytes asked) noexcept override { handler_.on_data(to, asked); }

private:
    bool is_idle() const noexcept override {
        if constexpr (requires { handler_.is_idle(); }) return handler_.is_idle();
        return true;
    }

    Handler handler_;
};

class guest_maker {
public:
    virtual guest* make(floor& where) const = 0;

protected:
    ~guest_maker() = default;
};

}  // namespace nightjar::io::models
