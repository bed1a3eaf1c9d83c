#pragma once
// A worker's process as the first one sees it: its id, what it says, its end.

#include "workers/models/channel.hpp"
#include "workers/models/child.hpp"
#include "workers/models/counters.hpp"

#include <sys/types.h>

namespace nightjar::io::models {

class life final : private watch::watcher, private channel::hearer {
public:
    enum class state : std::uint8_t { starting, serving, leaving };

    class keeper {
    public:
        virtual void on_serving(life& who, std::string_view engine) = 0;
        virtual void on_failed(life& who, error why) = 0;
        /// `status` as waitpid(2) gave it. The life may be destroyed in the next turn, not here.
        virtual void on_ended(life& who, int status) = 0;

    protected:
        ~keeper() = default;
    };
    struct place {
        loop& home;
        keeper& boss;
        unsigned index;
        counter_row& row;
    };

    /// Forks. In the child: calls `forget` and lives as `what`, never to return. The channel of
    /// `what` is made here.
    static result<std::unique_ptr<life>> begin(const place& where, child_spec what,
                                               const std::function<void()>& forget);
    ~life() = default;

    bool send_connection(int descriptor) noexcept;
    void tell(word::kind what) noexcept { (void)channel_->send({.what = what, .engine = {}}); }
    void kill() const noexcept;
    /// In a forked child: closes what is the first process's, and touches nothing else.
    void forget() const noexcept;

    unsigned index() const noexcept { return where_.index; }
    pid_t pid() const noexcept { return pid_; }
    counter_row& row() const noexcept { return where_.row; }
    bool is(state one) const noexcept { return state_ == one; }
    void set(state one) noexcept { state_ = one; }
    instant born() const noexcept { return born_; }
    /// What it was sent and has not taken yet.
    std::uint64_t in_transit() const noexcept {
        return sent_ - where_.row.accepted.load(std::memory_order_relaxed);
    }

private:
    life(const place& where, pid_t pid, handle process, handle end)
        : where_(where),
          pid_(pid),
          born_(where.home.now()),
          process_(std::move(process)),
          channel_(std::make_unique<channel>(std::move(end))) {}
    result<> watch_it();
    void on_ready(unsigned what) noexcept override;
    void on_word(const word& what, handle with) override;
    void on_hung_up() override {}  // its end is told by its process

    const place where_;
    const pid_t pid_;
    const instant born_;
    state state_ = state::starting;
    std::uint64_t sent_ = 0;
    handle process_;  // readable when it has ended [pidfd_open(2)]
    std::unique_ptr<channel> channel_;
    std::unique_ptr<watch> watch_;
};

}  // namespace nightjar::io::models
