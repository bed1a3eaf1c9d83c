// Many connections, and more than the process may have.
#include "contract/suite.hpp"
#include "kernel/raw.hpp"

#include <fcntl.h>

namespace nightjar::io::test {
namespace {

TEST_P(kernel_contract, holds_thousands_of_connections) {
    descriptor_limit limit;
    limit.set(limit.most());
    const std::size_t many = std::min<std::size_t>(9'900, (limit.most() - 150) / 2);
    for (std::size_t i = 0; i < many; ++i) {
        dial(listener_->local());
        if (i % 100 == 99) {
            ASSERT_TRUE(until([&] { return host_.tapes.size() + 500 > i; }));
        }
    }
    ASSERT_TRUE(until([&] {
        return host_.tapes.size() == many && std::ranges::all_of(callers_, [](const caller& one) {
                   return one.connections == 1;
               });
    }));
    for (tape& one : host_.tapes) one.when_data = [](tape& self) { self.say(self.got); };
    for (std::size_t i = 0; i < many; ++i) callers_[i].line.say(std::to_string(i));
    const auto all_answered = [&] {
        for (std::size_t i = 0; i < many; ++i) {
            if (callers_[i].line.got.size() < std::to_string(i).size()) return false;
        }
        return true;
    };
    ASSERT_TRUE(until(all_answered));
    for (std::size_t i = 0; i < many; ++i) ASSERT_EQ(callers_[i].line.got, std::to_string(i));
    for (caller& one : callers_) one.line.close();
    ASSERT_TRUE(until([&] {
        return std::ranges::none_of(host_.tapes,
                                    [](const tape& one) { return one.closed.empty(); });
    }));
}

/// Takes every descriptor that the process may still have.
std::vector<handle> take_all_descriptors() {
    std::vector<handle> out;
    for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) out.push_back(kernel_handle(fd));
    return out;
}

TEST_P(kernel_contract, a_listener_survives_running_out_of_descriptors) {
    descriptor_limit limit;
    ASSERT_TRUE(
        limit.set(200));  // before the first turn: io_uring asks once, when it begins to accept
    loop().run_once(instant::min());
    handle waiting = plain_connection(listener_->local().port());
    ASSERT_TRUE(waiting);
    {
        const std::vector<handle> taken = take_all_descriptors();
        ASSERT_FALSE(taken.empty());
        ASSERT_TRUE(until([&] { return !host_.failures.empty(); }));
        lab_->rest(350ms);
        EXPECT_EQ(host_.failures, std::vector<error>{error::no_room})
            << "said once, however long it lasts";
        EXPECT_TRUE(host_.tapes.empty());
    }
    ASSERT_TRUE(until([&] { return host_.tapes.size() == 1; }));
    EXPECT_EQ(host_.recoveries, 1);
    loop().run_once(instant::min());
}

TEST_P(kernel_contract, the_streams_maximum_pauses_the_listener) {
    auto small = make_engine(*parse_engine(engine().name()), {.streams_max = 2});
    ASSERT_TRUE(small);
    io::loop own(std::move(*small));
    host crowd;
    auto place = own.engine().listen({.at = lab_->place(), .device = {}}, crowd);
    ASSERT_TRUE(place);
    std::vector<handle> guests;
    for (int i = 0; i < 3; ++i) guests.push_back(plain_connection((*place)->local().port()));
    const auto turn_until = [&](auto done) {
        const instant end = own.engine().now() + 10s;
        while (!done() && own.engine().now() < end) own.run_once(own.engine().now() + 20ms);
        return done();
    };
    ASSERT_TRUE(turn_until([&] { return !crowd.failures.empty(); }));
    EXPECT_EQ(crowd.failures, std::vector<error>{error::no_room});
    EXPECT_EQ(crowd.tapes.size(), 2U);
    crowd.tapes.front().close();
    guests.push_back(plain_connection((*place)->local().port()));
    ASSERT_TRUE(turn_until([&] { return crowd.tapes.size() == 3; }));
    EXPECT_EQ(crowd.recoveries, 1);
    place->reset();
}

}  // namespace
}  // namespace nightjar::io::test
