#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <nightjar/base/intrusive_list.hpp>
#include <vector>

namespace nightjar {
namespace {

struct node : list_hook<> {
    explicit node(int value_) : value(value_) {}
    int value;
};

template <class List>
std::vector<int> values(List& list) {
    std::vector<int> found;
    for (auto& each : list) found.push_back(each.value);
    return found;
}

TEST(intrusive_list, keeps_the_order_of_its_ends) {
    node a(1), b(2), c(3), d(4), e(5);
    intrusive_list<node> list;
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.front(), nullptr);
    EXPECT_EQ(list.pop_front(), nullptr);
    list.push_back(b);
    list.push_front(a);
    list.push_back(e);
    list.insert_before(e, c);
    list.insert_after(c, d);
    EXPECT_EQ(values(list), (std::vector{1, 2, 3, 4, 5}));
    EXPECT_EQ(list.front(), &a);
    EXPECT_EQ(list.back(), &e);
    EXPECT_EQ((--list.end())->value, 5);
    EXPECT_EQ(list.pop_front(), &a);
    EXPECT_FALSE(a.is_linked());
    EXPECT_TRUE(b.is_linked());
    EXPECT_EQ(values(list), (std::vector{2, 3, 4, 5}));
}

TEST(intrusive_list, forgets_who_leaves_or_dies) {
    intrusive_list<node> list;
    node a(1);
    list.push_back(a);
    {
        node b(2);
        list.push_back(b);
        EXPECT_EQ(values(list), (std::vector{1, 2}));
    }
    EXPECT_EQ(values(list), (std::vector{1}));
    a.unlink();
    a.unlink();
    EXPECT_TRUE(list.empty());
    list.push_back(a);
    list.erase(a);
    EXPECT_TRUE(list.empty());
}

TEST(intrusive_list, unlinks_its_elements_when_it_dies) {
    node a(1);
    {
        intrusive_list<node> list;
        list.push_back(a);
    }
    EXPECT_FALSE(a.is_linked());
    intrusive_list<node> next;
    next.push_back(a);
    EXPECT_EQ(next.front(), &a);
}

TEST(intrusive_list, splices_all_to_its_end) {
    node a(1), b(2), c(3);
    intrusive_list<node> one, two;
    one.splice(two);
    EXPECT_TRUE(one.empty());
    one.push_back(a);
    two.push_back(b);
    two.push_back(c);
    one.splice(two);
    EXPECT_TRUE(two.empty());
    EXPECT_EQ(values(one), (std::vector{1, 2, 3}));
    one.splice(one);
    one.splice(two);
    EXPECT_EQ(values(one), (std::vector{1, 2, 3}));
    two.splice(one);
    EXPECT_EQ(values(two), (std::vector{1, 2, 3}));
    c.unlink();
    EXPECT_EQ(two.back(), &b);
}

struct dirty;
struct ready;
struct connection : list_hook<dirty>, list_hook<ready> {
    int value = 7;
};

TEST(intrusive_list, has_an_element_in_one_list_per_tag) {
    connection c;
    intrusive_list<connection, dirty> to_flush;
    intrusive_list<connection, ready> to_read;
    to_flush.push_back(c);
    to_read.push_back(c);
    to_flush.erase(c);
    EXPECT_TRUE(to_flush.empty());
    EXPECT_FALSE((intrusive_list<connection, dirty>::is_linked(c)));
    EXPECT_TRUE((intrusive_list<connection, ready>::is_linked(c)));
    EXPECT_EQ(to_read.front(), &c);
}

TEST(intrusive_list_death, twice_in_a_list_is_a_broken_promise) {
    node a(1);
    intrusive_list<node> list, other;
    list.push_back(a);
    EXPECT_DEATH(other.push_back(a), "one list at most");
}

TEST(intrusive_list, agrees_with_a_deque) {
    EXPECT_TRUE(rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
        std::vector<std::unique_ptr<node>> nodes;
        for (int i = 0; i < 16; ++i) nodes.push_back(std::make_unique<node>(i));
        intrusive_list<node> list;
        std::deque<int> model;
        for (const auto& [what, which] : steps) {
            node& chosen = *nodes[which % 16];
            const auto at = std::find(model.begin(), model.end(), chosen.value);
            RC_ASSERT(chosen.is_linked() == (at != model.end()));
            if (at != model.end()) {
                model.erase(at);
                chosen.unlink();
            } else if (what % 2) {
                model.push_back(chosen.value);
                list.push_back(chosen);
            } else {
                model.push_front(chosen.value);
                list.push_front(chosen);
            }
            RC_ASSERT(values(list) == std::vector<int>(model.begin(), model.end()));
        }
    }));
}

}  // namespace
}  // namespace nightjar
