#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <memory>
#include <nightjar/base/prng.hpp>
#include <nightjar/base/slab.hpp>
#include <set>
#include <string>
#include <vector>

#include "heap_source.hpp"

namespace nightjar {
namespace {

static_assert(sizeof(detail::slab_slot<std::uint64_t[3]>) == 24 + 8);
static_assert(sizeof(detail::slab_slot<std::uint32_t>) == 4 + 8);

TEST(fixed_slab, finds_by_name_until_erased) {
    fixed_slab<std::string, 2> names;
    std::string* first = names.emplace("first");
    ASSERT_NE(first, nullptr);
    const id<std::string> first_id = names.id_of(*first);
    EXPECT_TRUE(first_id);
    EXPECT_EQ(names.get(first_id), first);
    EXPECT_TRUE(names.erase(first_id));
    EXPECT_EQ(names.get(first_id), nullptr);
    EXPECT_FALSE(names.erase(first_id));

    std::string* again = names.emplace("again");
    EXPECT_EQ(again, first);  // the slot is reused, the name is not
    EXPECT_EQ(names.get(first_id), nullptr);
    EXPECT_EQ(*names.get(names.id_of(*again)), "again");
}

TEST(fixed_slab, is_full_at_its_capacity) {
    fixed_slab<int, 2> numbers;
    EXPECT_EQ(numbers.capacity(), 2U);
    int* one = numbers.emplace(1);
    ASSERT_NE(one, nullptr);
    ASSERT_NE(numbers.emplace(2), nullptr);
    EXPECT_EQ(numbers.emplace(3), nullptr);
    EXPECT_EQ(numbers.size(), 2U);
    numbers.erase(*one);
    EXPECT_EQ(numbers.size(), 1U);
    EXPECT_NE(numbers.emplace(4), nullptr);
}

TEST(slab_id, of_nobody_finds_nothing) {
    fixed_slab<int, 2> numbers;
    EXPECT_FALSE(id<int>{});
    EXPECT_EQ(numbers.get({}), nullptr);
    ASSERT_NE(numbers.emplace(1), nullptr);
    EXPECT_EQ(numbers.get({}), nullptr);
    EXPECT_EQ(numbers.get({.index = 0, .generation = 2}), nullptr);
    EXPECT_EQ(numbers.get({.index = 1, .generation = 1}), nullptr);
    EXPECT_EQ(numbers.get({.index = 77, .generation = 1}), nullptr);
}

TEST(slab_id, survives_being_a_number) {
    const id<int> name{.index = 0xdeadbeef, .generation = 0x12345679};
    EXPECT_EQ(name.number(), 0x12345679deadbeefU);
    EXPECT_EQ(id<int>::from(name.number()), name);
}

struct knows_itself {
    explicit knows_itself(fixed_slab<knows_itself, 4>& home) : name(home.id_of(*this)) {}
    id<knows_itself> name;
};

TEST(slab_id, is_known_to_the_constructor) {
    fixed_slab<knows_itself, 4> home;
    const knows_itself* made = home.emplace(home);
    ASSERT_NE(made, nullptr);
    EXPECT_EQ(home.get(made->name), made);
}

TEST(slab, keeps_addresses_while_it_grows_and_returns_all_memory) {
    heap_source heap;
    {
        slab<std::uint64_t> numbers(100'000, heap.source());
        EXPECT_EQ(heap.takes(), 0U);
        std::vector<std::uint64_t*> at;
        for (std::uint64_t i = 0; i < 100'000; ++i) {
            at.push_back(numbers.emplace(i));
            ASSERT_NE(at.back(), nullptr);
        }
        EXPECT_EQ(numbers.emplace(1U), nullptr);
        for (std::uint64_t i = 0; i < 100'000; ++i) {
            ASSERT_EQ(*at[i], i);
            ASSERT_EQ(numbers.get(numbers.id_of(*at[i])), at[i]);
            ASSERT_EQ(numbers.id_of(*at[i]).index, i);
        }
        EXPECT_LT(heap.takes(), 120U);  // 98 chunks of 16 KiB, and a table that doubles
        EXPECT_LT(heap.bytes_out(), 100'000U * 17U);
    }
    EXPECT_EQ(heap.bytes_out(), 0U);
}

TEST(slab, is_full_when_its_source_is) {
    heap_source heap(40 * 1024);
    slab<std::uint64_t> numbers(10'000, heap.source());
    for (int i = 0; i < 2048; ++i) ASSERT_NE(numbers.emplace(0U), nullptr);
    EXPECT_EQ(numbers.emplace(0U), nullptr);
    EXPECT_EQ(numbers.emplace(0U), nullptr);
    EXPECT_EQ(numbers.size(), 2048U);
}

TEST(slab, gives_back_what_a_burst_took) {
    heap_source heap;
    slab<std::uint64_t> numbers(100'000, heap.source());
    std::vector<std::uint64_t*> all;
    for (std::uint64_t i = 0; i < 100'000; ++i) all.push_back(numbers.emplace(i));
    const std::size_t burst = heap.bytes_out();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (i != 50'000) numbers.erase(*all[i]);
    EXPECT_LT(heap.bytes_out(), burst / 20);
    EXPECT_EQ(*all[50'000], 50'000U) << "who stays stays where it is";
    for (std::uint64_t i = 1; i < 100'000; ++i) ASSERT_NE(numbers.emplace(i), nullptr) << i;
    EXPECT_LE(heap.bytes_out(), burst + 16 * 1024);
}

TEST(slab, a_name_finds_nothing_in_memory_that_went_and_came_back) {
    heap_source heap;
    slab<std::uint64_t> numbers(100'000, heap.source());
    std::vector<id<std::uint64_t>> old;
    for (int round = 0; round < 3; ++round) {
        std::vector<std::uint64_t*> all;
        for (std::uint64_t i = 0; i < 10'000; ++i) {
            all.push_back(numbers.emplace(i));
            old.push_back(numbers.id_of(*all.back()));
        }
        for (std::uint64_t* one : all) numbers.erase(*one);
        for (const auto name : old) ASSERT_EQ(numbers.get(name), nullptr);
    }
}

TEST(slab, coming_and_going_at_a_border_asks_nothing_of_the_source) {
    heap_source heap;
    slab<std::uint64_t> numbers(100'000, heap.source());
    for (std::uint64_t i = 0; i < 4096; ++i) ASSERT_NE(numbers.emplace(i), nullptr);
    numbers.erase(*numbers.emplace(0U));
    const auto before = heap.takes();
    for (int i = 0; i < 100; ++i) numbers.erase(*numbers.emplace(0U));
    EXPECT_EQ(heap.takes(), before);
}

TEST(slab, destroys_what_is_left) {
    heap_source heap;
    const auto counted = std::make_shared<int>();
    {
        slab<std::shared_ptr<int>> kept(10, heap.source());
        ASSERT_NE(kept.emplace(counted), nullptr);
        auto* second = kept.emplace(counted);
        ASSERT_NE(second, nullptr);
        EXPECT_EQ(counted.use_count(), 3);
        kept.erase(*second);
        EXPECT_EQ(counted.use_count(), 2);
    }
    EXPECT_EQ(counted.use_count(), 1);
}

TEST(slab, for_each_may_erase_what_it_visits) {
    fixed_slab<int, 8> numbers;
    for (int i = 0; i < 8; ++i) ASSERT_NE(numbers.emplace(i), nullptr);
    numbers.for_each([&](int& n) {
        if (n % 2 == 0) numbers.erase(n);
    });
    std::vector<int> left;
    numbers.for_each([&](int& n) { left.push_back(n); });
    EXPECT_EQ(left, (std::vector<int>{1, 3, 5, 7}));
}

TEST(slab_death, the_name_of_a_stranger_is_a_broken_promise) {
    fixed_slab<int, 2> numbers;
    int* gone = numbers.emplace(1);
    numbers.erase(*gone);
    EXPECT_DEATH((void)numbers.id_of(*gone), "lives in a slab");
}

TEST(slab, agrees_with_a_map_of_every_name_it_ever_gave) {
    EXPECT_TRUE(rc::check([](std::uint64_t seed, const std::vector<bool>& grows) {
        heap_source heap;
        prng random(seed);
        slab<std::uint64_t> numbers(150, heap.source());
        std::map<std::uint64_t, std::uint64_t> alive;  // name as a number: what is stored
        std::set<std::uint64_t> dead;
        for (int turn = 0; turn < 10; ++turn) {
            for (const bool grow : grows) {
                if (grow || alive.empty()) {
                    const std::uint64_t value = random();
                    const auto* made = numbers.emplace(value);
                    RC_ASSERT((made != nullptr) == (alive.size() < 150));
                    if (!made) continue;
                    const auto name = numbers.id_of(*made).number();
                    RC_ASSERT(!dead.contains(name));
                    RC_ASSERT(alive.emplace(name, value).second);
                } else {
                    auto victim = std::next(
                        alive.begin(), static_cast<std::ptrdiff_t>(random.uniform(alive.size())));
                    RC_ASSERT(numbers.erase(id<std::uint64_t>::from(victim->first)));
                    dead.insert(victim->first);
                    alive.erase(victim);
                }
            }
        }
        RC_ASSERT(numbers.size() == alive.size());
        for (const auto& [name, value] : alive)
            RC_ASSERT(*numbers.get(id<std::uint64_t>::from(name)) == value);
        for (const auto name : dead)
            RC_ASSERT(numbers.get(id<std::uint64_t>::from(name)) == nullptr);
        std::size_t visited = 0;
        numbers.for_each([&](std::uint64_t&) { ++visited; });
        RC_ASSERT(visited == alive.size());
    }));
}

}  // namespace
}  // namespace nightjar
