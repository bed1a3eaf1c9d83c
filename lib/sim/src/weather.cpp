#include "network.hpp"

#include <algorithm>
#include <iterator>

namespace nightjar::sim {

void network::set(const faults& weather) {
    how_ = weather;
    ++weather_round_;
    say("network: {}", how_.text());
    const bool is_calm = how_.small_window <= 0;
    if (how_.partitions == 0) parted_.clear();
    if (is_calm)
        for (auto& [name, one] : wires_) one->open_window();
    plan_weather();
}

void network::plan_weather() {
    if (how_.weather <= 0ns || how_.resets + how_.vanishings + how_.partitions == 0) return;
    const auto mean = static_cast<std::uint64_t>(how_.weather.count());
    plan_.at(now_ + duration(1 + chance_.uniform(2 * mean)), [this, round = weather_round_] {
        if (round != weather_round_) return;
        strike_weather();
        plan_weather();
    });
}

void network::strike_weather() {
    auto drawn = chance_.uniform(how_.resets + how_.vanishings + how_.partitions);
    wire* victim = any_wire();
    const auto side = static_cast<unsigned>(chance_.uniform(2));
    if (drawn < how_.resets) {
        if (victim != nullptr) victim->reset();
    } else if (drawn < how_.resets + how_.vanishings) {
        if (victim != nullptr) victim->vanish(side);
    } else {
        part();
    }
}

wire* network::any_wire() {
    if (wires_.empty()) return nullptr;
    const auto nth = static_cast<std::ptrdiff_t>(chance_.uniform(wires_.size()));
    return std::next(wires_.begin(), nth)->second.get();
}

void network::part() {
    if (hosts_.size() < 2) return;
    const unsigned a = hosts_[chance_.uniform(hosts_.size())];
    const unsigned b = hosts_[chance_.uniform(hosts_.size())];
    if (a == b) return;
    const auto most = static_cast<std::uint64_t>(how_.partition_max.count());
    const duration time(1 + chance_.uniform(std::max<std::uint64_t>(most, 1)));
    say("hosts {} and {} are parted for {} ns", a, b, time.count());
    parted_[std::minmax(a, b)] = now_ + time;
}

}  // namespace nightjar::sim
