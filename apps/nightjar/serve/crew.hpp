#pragma once
// The broker and its threads, which io::workers holds: one loop each, opened one after the other,
// stopped together.

#include <nightjar/broker/broker.hpp>
#include <nightjar/io/workers.hpp>

#include <memory>
#include <string>

#include "heap.hpp"

namespace nightjar::app {

class crew {
public:
    /// Opens the listeners and runs. On failure `why` says what failed, as far as a listener did.
    static result<std::unique_ptr<crew>> start(const broker::broker_config& how,
                                               broker::log_sink& log, broker::open_failure& why);
    ~crew();

    /// Tells the clients, waits until they are gone, 3 seconds at most, and ends the threads.
    void stop();
    /// Logs each worker's subscriptions, one worker after the other.
    void log_subscriptions();

    broker::broker& serving() noexcept { return *broker_; }
    unsigned size() const noexcept { return workers_->size(); }
    std::string_view engine() { return workers_->at(0).engine().name(); }

private:
    crew() = default;
    bool is_quiet(unsigned worker);

    heap_meter heap_;
    heap_keeper keeper_{heap_};
    broker::broker* broker_ = nullptr;  // the workers'
    std::unique_ptr<io::workers> workers_;
};

}  // namespace nightjar::app
