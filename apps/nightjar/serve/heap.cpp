#include "heap.hpp"

#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "heap/counted_heap.hpp"

namespace nightjar::app {
namespace {

constexpr auto look_every = std::chrono::seconds(5);
constexpr std::uint64_t worth_it_from = 16 * 1024 * 1024;  // less than that is soon used again

}  // namespace

std::uint64_t heap_meter::bytes_used() const noexcept { return counted_heap::bytes_in_use(); }

heap_keeper::heap_keeper(const heap_meter& meter) : meter_(meter), thread_([this] { run(); }) {
    ::pthread_setname_np(thread_.native_handle(), "heap keeper");
}

heap_keeper::~heap_keeper() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

/// What is resident beside what is in use: the program and its stacks, and what could be given
/// back.
void heap_keeper::run() {
    std::uint64_t usual = 0;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, look_every, [this] { return is_over_; })) {
        if (excess() < usual + worth_it_from) continue;
        ::malloc_trim(0);
        usual = excess();
    }
}

std::uint64_t heap_keeper::excess() const {
    std::uint64_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    resident *= static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t used = meter_.bytes_used();
    return resident > used ? resident - used : 0;
}

}  // namespace nightjar::app
