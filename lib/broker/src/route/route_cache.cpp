#include "route_cache.hpp"

#include <absl/hash/hash.h>

namespace nightjar::broker {

std::size_t route_cache::hash_of(std::string_view topic) noexcept { return absl::HashOf(topic); }

route_cache::entry* route_cache::find(std::string_view topic, std::size_t hash) noexcept {
    bucket& home = home_of(hash);
    for (std::size_t i = 0; i != home.seats.size(); ++i)
        if (home.tags[i] == tag_of(hash) && home.seats[i] && home.seats[i]->topic == topic)
            return home.seats[i].get();
    return nullptr;
}

route_cache::entry& route_cache::claim(std::string_view topic, std::size_t hash) {
    if (weight_ > weight_max) clear();
    if (entries_ >= 2 * buckets_.size() && buckets_.size() < buckets_max) grow();
    bucket& home = home_of(hash);
    std::size_t seat = 0;
    while (seat != home.seats.size() && home.seats[seat]) ++seat;
    if (seat == home.seats.size()) {
        seat = hand_++ % home.seats.size();
    } else {
        home.seats[seat] = std::make_unique<entry>();
        ++entries_;
    }
    home.tags[seat] = tag_of(hash);
    entry& taken = *home.seats[seat];
    taken.hash = hash;
    taken.topic = topic;
    taken.where.version = 0;
    return taken;
}

void route_cache::weigh(entry& one) noexcept {
    const std::size_t now = one.where.local.capacity();
    weight_ += now - one.weight;
    one.weight = now;
}

void route_cache::grow() {
    std::vector<bucket> old(2 * buckets_.size());
    old.swap(buckets_);
    entries_ = 0;
    for (bucket& from : old) {
        for (auto& one : from.seats) {
            if (!one) continue;
            bucket& home = home_of(one->hash);
            std::size_t seat = 0;
            while (home.seats[seat]) ++seat;  // two buckets share out what one held: there is room
            home.tags[seat] = tag_of(one->hash);
            home.seats[seat] = std::move(one);
            ++entries_;
        }
    }
}

void route_cache::clear() {
    for (bucket& one : buckets_) one = {};
    entries_ = 0;
    weight_ = 0;
}

}  // namespace nightjar::broker
