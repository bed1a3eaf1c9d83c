// Clients that connect, are accepted, disconnect, and begin again.
#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "crowd.hpp"
#include "measure.hpp"
#include "scenarios.hpp"

namespace nightjar::app::benchmark {
namespace {

class visitor final : public peer {
public:
    visitor(world& where, std::uint32_t index) : peer(where, fmt::format("bench-v-{}", index)) {}
    bool is_away() const noexcept { return is_away_; }
    void begin() {
        is_away_ = false;
        begun_ = world_.loop.engine().now();
        open({});
    }

private:
    void on_accepted(const mqtt::connack&) noexcept override {
        world_.latency.record(begun_, world_.loop.engine().now());
        leave();
    }
    void on_left() noexcept override {
        ++world_.count;
        is_away_ = true;
        if (world_.is_sending) begin();
    }

    instant begun_{};
    bool is_away_ = true;
};

}  // namespace

bool run_connect(world& where, findings& target) {
    std::list<visitor> all;
    std::vector<peer*> peers;
    for (std::uint32_t i = 0; i < where.how.connections; ++i)
        peers.push_back(&all.emplace_back(where, i));
    const auto away = [&] {
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [](auto& one) { return one.is_away(); }));
    };
    const auto missing = [&] {
        return fmt::format("{} of {} are connected", all.size() - away(), all.size());
    };
    where.is_sending = true;
    for (visitor& one : all) one.begin();
    const bool went_well = measure(where, target, missing);
    where.is_sending = false;
    if (went_well) {
        where.run_until([&] { return away() == all.size(); }, missing);
        add_latency(where, target);
    }
    const std::string trouble = where.trouble;
    close_all(where, peers);
    where.trouble = trouble;
    return trouble.empty();
}

}  // namespace nightjar::app::benchmark
