#pragma once
// $SYS/broker/…: what the broker counts, published as retained messages under Mosquitto's names.
// Worker 0's.

#include <nightjar/broker/broker.hpp>

#include <functional>
#include <string>

#include "worker.hpp"

namespace nightjar::broker {

class sys_topics {
public:
    /// Publishes every `every` from now on; `totals` asks all workers.
    sys_topics(worker& at, duration every, std::function<statistics()> totals);
    ~sys_topics();

private:
    struct ticker;
    void publish_all();
    void publish(std::string_view name, std::string_view value);

    worker& at_;
    duration every_;
    instant started_;
    std::function<statistics()> totals_;
    std::unique_ptr<ticker> ticker_;
};

}  // namespace nightjar::broker
