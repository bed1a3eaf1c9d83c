#pragma once
// One io_uring: submissions go in and are handed to the kernel once a turn, completions come out in
// order. Belongs to the thread that enters it first; made on any. [io_uring_setup(2) SINGLE_ISSUER,
// DEFER_TASKRUN, R_DISABLED]
//
//   entry() entry() ... --> enter() = one system call --> kernel --> kept, then the completion
//   queue --> next()

#include "engines/uring/arena.hpp"
#include "engines/uring/completion.hpp"

#include <nightjar/base/result.hpp>
#include <nightjar/base/time.hpp>

#include <vector>

namespace nightjar::io::uring {

class ring {
public:
    ring() noexcept = default;
    /// The kernel drops all operations; what was not handed over yet never happens.
    ~ring();
    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;

    /// `unsupported` where this kernel, or the cage around us, lacks what the engine needs.
    error open() noexcept;
    io_uring& raw() noexcept { return raw_; }

    /// The next free submission, cleared by whatever io_uring_prep_ function is called on it. When
    /// the queue is full it is handed over first, so take the entry before anything from
    /// `scratch()`.
    io_uring_sqe& entry() noexcept;
    /// Gone with the next hand-over.
    arena& scratch() noexcept { return scratch_; }
    /// Ends the operation of that tag, which then completes with ECANCELED unless it was faster.
    /// While a multishot stands in the kernel's queue of work it is not found, and goes on: only
    /// then does `miss` complete.
    void cancel(tag which, tag miss = {}) noexcept;
    /// Now, and waits for nothing. Nothing while no turn was taken yet.
    void hand_over() noexcept;
    /// close(2) once all that is queued, and may name it, was handed over.
    void close_later(int descriptor) { doomed_.push_back(descriptor); }

    /// Hands over what is queued and waits for a completion: at most `most`, for ever if `most` is
    /// negative.
    void enter(duration most) noexcept;

    /// Completions that wait here.
    std::size_t ready() const noexcept {
        return kept_.size() - first_kept_ + ::io_uring_cq_ready(&raw_);
    }
    bool next(completion& out) noexcept;

    /// Shows every waiting completion to `is_mine`, which takes one by returning true; the others
    /// stay, in order. Calls may nest.
    template <class Mine>
    void sift(Mine is_mine) noexcept {
        keep();
        for (std::size_t i = first_kept_; i < kept_.size(); ++i) {
            const completion one = kept_[i];
            kept_[i].of = {};
            if (!is_mine(one)) kept_[i].of = one.of;
        }
    }

private:
    void enable() noexcept;
    void make_room() noexcept;
    void keep() noexcept;
    void handed_over(int code) noexcept;

    io_uring raw_{};
    bool is_open_ = false;
    bool is_enabled_ = false;
    arena scratch_;
    std::vector<int> doomed_;
    std::vector<completion> kept_;  // taken out of the kernel's queue before their turn came
    std::size_t first_kept_ = 0;
};

}  // namespace nightjar::io::uring
