#pragma once
// Routes that were worked out, by topic. It says where a topic's route lies; whether the route is
// still true is the router's to know. Bounded: a topic that finds no seat takes another's.
//
//      hash of the topic ─► bucket | tag tag tag tag | seat seat seat seat |

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "share.hpp"
#include "subscriber.hpp"

namespace nightjar::broker {

struct route {
    std::vector<target> local;
    std::vector<share*> shares;  ///< Each gives the message to one of its members.
    std::uint64_t workers = 0;   ///< A bit for each other worker that wants the topic.
    std::uint64_t version = 0;   ///< Of the subscriptions that it follows; 0: not worked out.
    bool is_empty() const noexcept { return local.empty() && shares.empty() && workers == 0; }
};

class route_cache {
public:
    struct entry {
        std::size_t hash = 0;
        std::string topic;
        route where;
        std::size_t weight = 0;  ///< As last weighed.
    };

    route_cache() : buckets_(buckets_min) {}

    static std::size_t hash_of(std::string_view topic) noexcept;
    /// Null where the topic has no seat.
    entry* find(std::string_view topic, std::size_t hash) noexcept;
    /// A seat for a topic that has none; its route is of version 0. Entries found before may be
    /// gone.
    entry& claim(std::string_view topic, std::size_t hash);
    /// After a route was worked out: counts its targets against the limit.
    void weigh(entry& one) noexcept;

private:
    // At most 32,768 topics, and a million targets in all of their routes.
    static constexpr std::size_t buckets_min = 16;
    static constexpr std::size_t buckets_max = 8192;
    static constexpr std::size_t weight_max = 1'000'000;

    struct bucket {
        std::array<std::uint32_t, 4> tags{};
        std::array<std::unique_ptr<entry>, 4> seats;
    };
    static std::uint32_t tag_of(std::size_t hash) noexcept {
        return static_cast<std::uint32_t>(hash >> 32);
    }
    bucket& home_of(std::size_t hash) noexcept { return buckets_[hash & (buckets_.size() - 1)]; }
    void grow();
    void clear();

    std::vector<bucket> buckets_;
    std::size_t entries_ = 0;
    std::size_t weight_ = 0;
    std::uint32_t hand_ = 0;  // whose turn it is to lose a seat
};

}  // namespace nightjar::broker
