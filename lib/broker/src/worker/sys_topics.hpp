#pragma once
// $SYS/broker/…: what the broker counts, published as retained messages under Mosquitto's names,
// and of each worker what tells whether the load is spread well. A topic is published again only
// when its value has changed. Worker 0's.

#include <nightjar/broker/broker.hpp>

#include <absl/container/flat_hash_map.h>

#include <array>
#include <string>
#include <vector>

#include "load_average.hpp"
#include "worker.hpp"

namespace nightjar::broker {

class sys_topics {
public:
    using worker_list = std::vector<std::unique_ptr<worker>>;
    /// Publishes by the first of `all`, every `every` from now on; 0: not. `all` outlives this.
    sys_topics(const worker_list& all, duration every);
    ~sys_topics();
    /// Publishes at once, and then as often as this says; 0: no more. Time goes on either way.
    void set_interval(duration every);

private:
    struct ticker;
    struct load {
        const char* name;
        std::uint64_t statistics::*figure;
        load_average average;
    };

    void publish_all();
    void publish_clients(const statistics& now);
    void publish_traffic(const statistics& now);
    void publish_store(const statistics& now);
    void publish_loads(const statistics& now, duration since);
    void publish_workers(const std::vector<statistics>& each);
    void publish_heap();
    void number(std::string_view name, std::uint64_t value);
    void publish(std::string_view name, std::string_view value);

    const worker_list& all_;
    worker& at_;
    duration every_;
    instant started_, last_;
    std::uint64_t clients_maximum_ = 0;  // as seen here: shorter peaks are not
    std::uint64_t heap_maximum_ = 0;
    std::array<load, 9> loads_;
    absl::flat_hash_map<std::string, std::string> said_;
    std::unique_ptr<ticker> ticker_;
};

}  // namespace nightjar::broker
