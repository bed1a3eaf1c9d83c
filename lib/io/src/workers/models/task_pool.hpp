#pragma once
// A bounded number of tasks, and the threads that run handlers for them. A task is the bytes of one
// read of one connection; what the handler answers returns to the loop with it.
//
//   vacant ──take──► filled on the loop ──end of turn──► queued ──► run by a thread ──► done
//     ▲                                                                                  │
//     └──────────────────────────── given to the loop, in its next turn ◄────────────────┘

#include <nightjar/io/models.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace nightjar::io::models {

/// Collects what a handler says on another thread.
class collector final : public outlet {
public:
    /// `most`: what the connection's outbox takes. It cannot become less meanwhile: nobody else
    /// writes there.
    void begin(const guest& whose, std::size_t most) noexcept;

    bool write(bytes_view what) noexcept override;
    std::size_t room() const noexcept override { return most_ - said_.size(); }
    void close() noexcept override { closed_ = true; }
    void drop() noexcept override { closed_ = dropped_ = true; }
    bool is_open() const noexcept override { return !closed_; }
    endpoint peer() const noexcept override;
    endpoint local() const noexcept override;

    bytes_view said() const noexcept { return said_; }
    bool is_dropped() const noexcept { return dropped_; }
    /// Keeps what memory it may keep.
    void clear() noexcept;

private:
    const guest* whose_ = nullptr;
    std::vector<byte> said_;
    std::size_t most_ = 0;
    bool closed_ = false;
    bool dropped_ = false;
};

struct job : list_hook<> {
    guest* whose = nullptr;
    std::vector<byte> asked;
    collector answer;
    unsigned by = 0;  // the thread
};

class task_pool final : private turn_hook {
public:
    /// Gets each job that is over, on the loop's thread.
    using returned = std::function<void(job&)>;

    /// Starts the threads and waits until each is where it belongs.
    static result<std::unique_ptr<task_pool>> start(loop& home, const model_options& how,
                                                    unsigned threads, returned to);
    /// Waits for the handlers that run; all jobs return, those that nobody began as well.
    ~task_pool();

    /// Promise: not full.
    job& take();
    void submit(job& filled) noexcept {
        fresh_.push_back(filled);
        ++fresh_count_;
    }
    bool is_full() const noexcept { return used_ == most_; }
    /// Half of the tasks are vacant: time to read again, and not for one task at a time.
    bool is_relaxed() const noexcept { return used_ <= most_ / 2; }

private:
    using job_list = intrusive_list<job>;

    task_pool(loop& home, unsigned most, returned to) noexcept
        : home_(home), most_(most), to_(std::move(to)) {}
    void on_turn() noexcept override;
    void hand_over() noexcept;
    void give_back(job_list& over) noexcept;
    void work(unsigned index) noexcept;

    loop& home_;
    const unsigned most_;
    const returned to_;
    unsigned used_ = 0;
    std::vector<std::unique_ptr<job>> all_;
    job_list vacant_;
    job_list fresh_;  // of this turn
    unsigned fresh_count_ = 0;

    std::mutex door_;  // guards what follows; never held while a handler runs
    std::condition_variable filled_;
    job_list queued_;
    job_list done_;
    unsigned idle_ = 0;
    bool stopping_ = false;

    std::vector<std::thread> threads_;
};

}  // namespace nightjar::io::models
