#pragma once
// The heap of this process: what of it is in use, and giving back to the system what no longer is.

#include <nightjar/broker/memory_meter.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace nightjar::app {

/// What operators new and delete have handed out.
class heap_meter final : public broker::memory_meter {
public:
    std::uint64_t bytes_used() const noexcept override;
};

/// The allocator keeps freed memory for the next burst. This thread of its own returns it once a
/// burst is over, so that neither a worker waits for that nor the process stays large.
class heap_keeper {
public:
    explicit heap_keeper(const heap_meter& meter);
    ~heap_keeper();

private:
    void run();
    std::uint64_t excess() const;

    const heap_meter& meter_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_over_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace nightjar::app
