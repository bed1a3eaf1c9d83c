#include "connection/listener_door.hpp"
#include "connection/mount.hpp"
#include "memory_gauge.hpp"
#include "session/losses.hpp"
#include "work_budget.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nightjar::broker {
namespace {

struct fixed_meter final : memory_meter {
    std::uint64_t used = 0;
    std::uint64_t bytes_used() const noexcept override { return used; }
};

TEST(memory_gauge, is_low_at_seven_eighths_and_short_at_all) {
    fixed_meter meter;
    broker_config how;
    how.memory_limit = 800;
    const memory_gauge gauge{&meter, how};
    for (const std::uint64_t used : {0U, 699U, 700U, 749U, 750U, 799U, 800U, 1000U}) {
        meter.used = used;
        EXPECT_EQ(gauge.is_tight(), used >= 750) << used;
        EXPECT_EQ(gauge.is_low(), used >= 700) << used;
        EXPECT_EQ(gauge.is_short(), used >= 800) << used;
    }
    how.memory_limit = 0;
    EXPECT_FALSE(gauge.is_short()) << "no limit";
    how.memory_limit = 800;
    EXPECT_FALSE(memory_gauge(nullptr, how).is_short()) << "nobody to ask";
}

TEST(work_budget, is_shared_among_the_busy_and_leaves_each_something) {
    const auto slice = [](std::size_t busy) {
        work_budget work;
        work.share_among(busy);
        work.begin();
        std::uint32_t units = 0;
        for (; !work.is_spent(); ++units) work.spend();
        return units;
    };
    EXPECT_EQ(slice(0), work_budget::turn_max);
    EXPECT_EQ(slice(3), work_budget::turn_max / 4);
    EXPECT_EQ(slice(100'000), work_budget::slice_min);
    work_budget work;
    work.spend(work_budget::turn_max + 5);
    EXPECT_TRUE(work.is_spent());
    work.begin();
    EXPECT_FALSE(work.is_spent());
}

std::shared_ptr<const listener_rules> rules_with(std::int32_t most, std::uint32_t rate) {
    listener_config how;
    how.max_connections = most;
    how.max_connect_rate = rate;
    return std::make_shared<const listener_rules>(listener_rules{how, {}});
}

TEST(listener_door, lets_in_as_many_as_there_are_places) {
    listener_door door{rules_with(2, 0)};
    EXPECT_TRUE(door.enter({}));
    EXPECT_TRUE(door.enter({}));
    EXPECT_FALSE(door.enter({}));
    door.leave();
    EXPECT_TRUE(door.enter({}));
}

TEST(listener_door, lets_in_as_many_within_a_second_as_it_says) {
    listener_door door{rules_with(-1, 3)};
    for (const duration second : {10s, 11s, 100s}) {
        for (int i = 0; i != 3; ++i) EXPECT_TRUE(door.enter(instant(second + i * 100ms)));
        EXPECT_FALSE(door.enter(instant(second + 900ms)));
    }
}

TEST(loss_record, says_how_many_and_why) {
    loss_record one;
    one.add(loss::queue_messages, instant{1s});
    EXPECT_EQ(one.text(), "1 message (1: its queue holds max_queued_messages)");
    one.add(loss::packet_size, instant{2s});
    one.add(loss::packet_size, instant{3s});
    EXPECT_EQ(one.total(), 3U);
    EXPECT_EQ(one.last, instant{3s});
    EXPECT_EQ(one.text(),
              "3 messages (1: its queue holds max_queued_messages; 2: they are larger than its "
              "Maximum Packet Size)");
}

std::vector<byte> list_of(const std::vector<mqtt::subscription>& all) {
    std::vector<byte> room(70'000);
    writer to{room};
    for (const mqtt::subscription& one : all) mqtt::subscription_list::put(to, one);
    return {to.written().begin(), to.written().end()};
}

TEST(mount, stands_before_each_filter_and_behind_a_group) {
    const auto raw = list_of({{.filter = "a/#", .maximum = mqtt::qos::exactly_once},
                              {.filter = "$share/group/b", .retain_as_published = true}});
    const auto made = mounted(mqtt::subscription_list{raw}, "home/");
    ASSERT_TRUE(made);
    mqtt::subscription_list list{*made};
    const mqtt::subscription first = list.take(), second = list.take();
    EXPECT_EQ(first.filter, "home/a/#");
    EXPECT_EQ(first.maximum, mqtt::qos::exactly_once);
    EXPECT_EQ(second.filter, "$share/group/home/b");
    EXPECT_TRUE(second.retain_as_published);
    EXPECT_TRUE(list.empty());
}

TEST(mount, refuses_what_becomes_too_long) {
    for (const std::size_t size : {65'533U, 65'534U}) {
        const std::string filter(size, 'x');
        const auto raw = list_of({{.filter = filter}});
        EXPECT_EQ(mounted(mqtt::subscription_list{raw}, "h/").has_value(), size == 65'533U);
    }
}

}  // namespace
}  // namespace nightjar::broker
