// Whose turn it is in a shared subscription.

#include "route/share.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>

namespace nightjar::broker {
namespace {

struct group {
    share tested{{"g", "a/+"}, 7};
    std::vector<std::unique_ptr<membership>> members;

    membership& join(member_state as) {
        members.push_back(std::make_unique<membership>(tested, subscriber{}));
        tested.add(*members.back(), as);
        return *members.back();
    }
    /// How often each member, and each worker, is picked in so many turns.
    std::map<const void*, int> turns(int count) {
        std::map<const void*, int> found;
        for (; count != 0; --count) {
            const share::turn next = tested.pick();
            EXPECT_FALSE(next.is_nobody);
            ++found[next.member ? static_cast<const void*>(next.member) : worker_mark(next.worker)];
        }
        return found;
    }
    const void* worker_mark(unsigned worker) const { return &marks[worker]; }
    std::array<char, 64> marks{};
};

TEST(share, nobody_is_picked_where_nobody_is) {
    group g;
    EXPECT_TRUE(g.tested.pick().is_nobody);
    EXPECT_TRUE(g.tested.is_empty());
    EXPECT_EQ(g.tested.text(), "$share/g/a/+");
}

TEST(share, members_and_workers_with_members_get_equal_turns) {
    group g;
    membership& a = g.join(member_state::ready);
    membership& b = g.join(member_state::ready);
    g.tested.set_stake(3, {.ready = 1, .present = 1, .all = 1});
    g.tested.set_stake(5, {.ready = 4, .present = 9, .all = 9});
    auto found = g.turns(70);
    EXPECT_EQ(found[&a], 10);
    EXPECT_EQ(found[&b], 10);
    EXPECT_EQ(found[g.worker_mark(3)], 10);
    EXPECT_EQ(found[g.worker_mark(5)], 40);
}

TEST(share, the_willing_come_first_wherever_they_are) {
    group g;
    membership& away = g.join(member_state::away);
    membership& choked = g.join(member_state::choked);
    EXPECT_EQ(g.turns(5)[&choked], 5);
    g.tested.set_stake(1, {.ready = 1, .present = 1, .all = 1});
    EXPECT_TRUE(g.tested.is_better_elsewhere());
    EXPECT_EQ(g.turns(5)[g.worker_mark(1)], 5);
    membership& ready = g.join(member_state::ready);
    EXPECT_FALSE(g.tested.is_better_elsewhere());
    EXPECT_EQ(g.turns(10)[&ready], 5);
    g.tested.set_stake(1, {});
    g.tested.remove(ready);
    g.tested.remove(choked);
    EXPECT_EQ(g.turns(3)[&away], 3);
}

TEST(share, counts_its_members_by_state) {
    group g;
    membership& a = g.join(member_state::ready);
    membership& b = g.join(member_state::choked);
    membership& c = g.join(member_state::away);
    EXPECT_EQ(g.tested.own(), (stake{1, 2, 3}));
    for (const member_state to : {member_state::away, member_state::ready, member_state::choked}) {
        for (membership* one : {&a, &b, &c}) {
            g.tested.move(*one, to);
            EXPECT_EQ(g.tested.state_of(*one), to);
        }
    }
    EXPECT_EQ(g.tested.own(), (stake{0, 3, 3}));
    g.tested.remove(b);
    EXPECT_EQ(g.tested.own(), (stake{0, 2, 2}));
    for (const membership* one : g.tested.members()) EXPECT_NE(one, &b);
}

}  // namespace
}  // namespace nightjar::broker
