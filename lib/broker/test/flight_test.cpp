#include "session/flight.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace nightjar::broker {
namespace {

TEST(flight, grows_up_to_its_quota) {
    flight one{1000};
    for (unsigned i = 0; i != 1000; ++i)
        EXPECT_TRUE(one.begin(mqtt::qos::at_least_once, i + 1)) << i;
    EXPECT_FALSE(one.begin(mqtt::qos::at_least_once, 1));
    std::size_t seen = 0;
    one.windows().sending.for_each(
        [&](mqtt::packet_id, mqtt::send_window::slot& s) { EXPECT_EQ(s.message, ++seen); });
    EXPECT_EQ(seen, 1000U);
}

TEST(flight, goes_on_behind_one_that_is_never_acknowledged) {
    flight one{4};
    const auto stuck = one.begin(mqtt::qos::at_least_once, 1);
    ASSERT_TRUE(stuck);
    for (int i = 0; i != 10'000; ++i) {
        const auto id = one.begin(mqtt::qos::at_least_once, 2);
        ASSERT_TRUE(id) << i;
        ASSERT_NE(*id, *stuck);
        EXPECT_TRUE(one.windows().sending.on_puback(*id).is_known);
    }
}

TEST(flight, has_room_where_it_can_still_grow) {
    flight one{40};
    for (unsigned i = 0; i != 40; ++i) {
        ASSERT_TRUE(one.has_room()) << i;
        ASSERT_TRUE(one.begin(mqtt::qos::at_least_once, 0));
    }
    EXPECT_FALSE(one.has_room());
}

TEST(flight, gives_back_what_a_burst_took) {
    flight one{1000};
    std::vector<mqtt::packet_id> ids;
    for (unsigned i = 0; i != 1000; ++i) ids.push_back(*one.begin(mqtt::qos::exactly_once, 1));
    for (mqtt::packet_id id = 1; id <= 500; ++id)
        while (one.windows().receiving.admit(id) == mqtt::receive_window::verdict::no_room)
            ASSERT_TRUE(one.grow_receiving());
    one.settle();
    EXPECT_EQ(one.windows().sending.in_flight(), 1000U) << "what is in flight stays";
    EXPECT_EQ(one.windows().receiving.held(), 500U);
    for (const mqtt::packet_id id : ids) one.windows().sending.on_pubrec(id, true);
    for (mqtt::packet_id id = 1; id <= 500; ++id) one.windows().receiving.release(id);
    one.settle();
    EXPECT_LE(one.windows().sending.storage().size(), 16U);
    EXPECT_LE(one.windows().receiving.storage().size(), 8U);
    EXPECT_EQ(*one.begin(mqtt::qos::at_least_once, 1), ids.back() + 1) << "the numbers go on";
}

TEST(flight, takes_as_many_identifiers_as_there_are) {
    flight one{10};
    std::size_t admitted = 0;
    for (std::uint32_t id = 1; id <= 65535; ++id) {
        auto said = one.windows().receiving.admit(static_cast<mqtt::packet_id>(id));
        if (said == mqtt::receive_window::verdict::no_room) {
            ASSERT_TRUE(one.grow_receiving());
            said = one.windows().receiving.admit(static_cast<mqtt::packet_id>(id));
        }
        admitted += said == mqtt::receive_window::verdict::fresh;
        if (id == 2000) id = 65000;  // the search is linear: not all of them
    }
    EXPECT_EQ(admitted, 2000U + 535U);
    EXPECT_TRUE(one.windows().receiving.release(1500));
    EXPECT_FALSE(one.windows().receiving.holds(1500));
}

}  // namespace
}  // namespace nightjar::broker
