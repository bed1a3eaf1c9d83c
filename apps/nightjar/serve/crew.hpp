#pragma once
// The broker's threads: one loop each. Starts them one after the other, worker 0 first; stops them
// together.

#include <nightjar/broker/broker.hpp>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "heap.hpp"

namespace nightjar::app {

class crew {
public:
    /// `workers`: 0 means one per core that this process may use.
    static result<std::unique_ptr<crew>> hire(const broker::broker_config& how,
                                              broker::log_sink& log);
    ~crew();

    /// Opens the listeners and runs. On failure `trouble` says which listener.
    result<> start(std::string& trouble);
    /// Tells the clients, waits until they are gone, 3 seconds at most, and ends the threads.
    void stop();

    broker::broker& serving() noexcept { return *broker_; }
    std::size_t size() const noexcept { return loops_.size(); }
    std::string_view engine() const noexcept { return loops_.front()->engine().name(); }

private:
    crew() = default;
    result<> start_one(unsigned worker, std::string& trouble);
    bool is_quiet(unsigned worker);

    heap_meter heap_;
    heap_keeper keeper_{heap_};
    std::vector<std::unique_ptr<io::loop>> loops_;
    std::unique_ptr<broker::broker> broker_;
    std::vector<std::thread> threads_;
};

}  // namespace nightjar::app
