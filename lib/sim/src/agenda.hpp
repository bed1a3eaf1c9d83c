#pragma once
// What is to happen in a world, and when. Among what happens at the same moment the seed decides.

#include <nightjar/base/prng.hpp>
#include <nightjar/base/time.hpp>

#include <functional>
#include <map>
#include <tuple>

namespace nightjar::sim {

class agenda {
public:
    explicit agenda(prng chance) noexcept : chance_(chance) {}

    void at(instant when, std::function<void()> what) {
        entries_.emplace(std::tuple{when, chance_(), ++made_}, std::move(what));
    }
    instant next() const noexcept {
        return entries_.empty() ? never : std::get<0>(entries_.begin()->first);
    }
    /// Promise: there is one.
    void run_next() {
        auto first = entries_.extract(entries_.begin());
        first.mapped()();
    }

private:
    prng chance_;
    std::uint64_t made_ = 0;
    std::map<std::tuple<instant, std::uint64_t, std::uint64_t>, std::function<void()>> entries_;
};

}  // namespace nightjar::sim
