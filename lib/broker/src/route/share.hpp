#pragma once
// One shared subscription, `$share/GROUP/FILTER`: of all its members, on whatever worker, one gets
// each message. The worker that a message was published on picks: one of its own members, or the
// worker whose turn it is, which then picks among its own. [MQTT-5 4.8.2]
//
//      members:  | ready …        | choked …          | away …          |   partitioned by state,
//                  has room         connected, full     not connected       so a pick looks at one

#include <nightjar/mqtt/topic.hpp>

#include <array>
#include <string>
#include <vector>

#include "subscriber.hpp"

namespace nightjar::broker {

class share;

/// What a worker has to offer a shared subscription. The ready are among the present, and those
/// among all.
struct stake {
    std::uint32_t ready = 0;    ///< Connected, with room for another message.
    std::uint32_t present = 0;  ///< Connected.
    std::uint32_t all = 0;
    friend bool operator==(const stake&, const stake&) noexcept = default;
};

/// How willing a member is, best first.
enum class member_state : std::uint8_t { ready, choked, away };

/// One session's place in one shared subscription. The session owns it.
struct membership {
    membership(share& of_, const subscriber& how_) noexcept;
    void change(const subscriber& to) noexcept;
    share* of;
    target how;
    std::uint32_t position = 0;  ///< Among the share's members.
};

class share {
public:
    /// `id`: never 0; the same on all workers of this process.
    share(const mqtt::shared_filter& name, std::uint64_t id)
        : group_(name.group), filter_(name.filter), id_(id) {}

    std::uint64_t id() const noexcept { return id_; }
    mqtt::shared_filter name() const noexcept { return {group_, filter_}; }
    /// `$share/GROUP/FILTER`
    std::string text() const;

    // --- members of this worker's ----------------------------------------------------------------
    void add(membership& one, member_state as);
    void remove(const membership& one);
    void move(const membership& one, member_state to);
    member_state state_of(const membership& one) const noexcept;
    const std::vector<membership*>& members() const noexcept { return members_; }
    bool has_choked() const noexcept { return own_.present != own_.ready; }

    // --- others ----------------------------------------------------------------------------------
    /// What a worker said that it has; all 0: nothing any more.
    void set_stake(unsigned worker, const stake& said);
    stake stake_of(unsigned worker) const noexcept;
    const stake& own() const noexcept { return own_; }
    stake others() const noexcept;
    /// What this worker's others have been told; nothing to tell when it equals `own()`.
    stake told;
    /// The others know of this share here, or are being told.
    bool is_announced = false;
    /// Requests under way that will subscribe here.
    std::uint32_t awaited = 0;
    /// It stands on its owner's list of those with something to tell, or with choked members.
    bool is_changed = false, is_watched = false;
    bool is_wanted() const noexcept { return own_.all != 0 || awaited != 0; }
    bool is_empty() const noexcept { return !is_wanted() && stakes_.empty(); }

    // --- picking ---------------------------------------------------------------------------------
    /// Whose turn it is: one of this worker's members, or another worker. Neither: nobody is there.
    struct turn {
        membership* member = nullptr;
        unsigned worker = 0;  ///< Where there is no member.
        bool is_nobody = true;
    };
    /// In turn among the best that there are anywhere, each member as often as any other; O(workers
    /// that have members).
    turn pick() noexcept;
    /// The same among this worker's members only.
    turn pick_own() noexcept;
    /// Whether another worker has a better member than this one's best.
    bool is_better_elsewhere() const noexcept;

private:
    struct foreign {
        unsigned worker;
        stake has;
    };
    static constexpr std::array tiers{member_state::ready, member_state::choked,
                                      member_state::away};
    static std::uint32_t count(const stake& of, member_state tier) noexcept;
    std::uint32_t begin_of(member_state tier) const noexcept;
    void swap(std::uint32_t a, std::uint32_t b) noexcept;

    std::string group_, filter_;
    std::uint64_t id_;
    std::vector<membership*> members_;
    stake own_;
    std::vector<foreign> stakes_;
    std::uint32_t turn_ = 0;          // among all
    std::uint32_t members_turn_ = 0;  // among own members
};

}  // namespace nightjar::broker
