// When wills come, to the second and to the last: in a world whose time is a test's own.

#include "scripted.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nightjar::sim {
namespace {

using mqtt::property_id;

constexpr std::uint32_t for_ever = 0xFFFFFFFF;

struct last_words {
    std::uint32_t delay_s = 0, expiry_s = 0;
};

/// A client that has a will, with the properties that say when it is due.
class mortal {
public:
    mortal(std::string client_id, const last_words& how) : name_(std::move(client_id)) {
        mqtt::property_writer own{room_}, will{will_room_};
        own.add(property_id::session_expiry_interval, how.expiry_s);
        will.add(property_id::will_delay_interval, how.delay_s);
        hello_ = {.clean_start = false, .client_id = name_, .props = own.made()};
        hello_.last_will = mqtt::will{.topic = "gone", .payload = as_bytes(name_)};
        hello_.last_will->props = will.made();
    }
    mortal(const mortal&) = delete;
    mortal& operator=(const mortal&) = delete;
    const mqtt::connect& hello() const noexcept { return hello_; }

private:
    std::string name_;
    std::array<byte, 16> room_, will_room_;
    mqtt::connect hello_;
};

/// When the delay has passed or the session ends, whatever comes first. [MQTT-5 3.1.3.2.2]
TEST(will, comes_after_its_delay_or_with_its_sessions_end) {  // [MQTT5 3.1.2-8]
    struct row {
        last_words how;
        duration due{};
    };
    const row rows[] = {
        {{.delay_s = 600, .expiry_s = 3}, 3s}, {{.delay_s = 3, .expiry_s = 600}, 3s},
        {{.delay_s = 600, .expiry_s = 0}, 0s}, {{.delay_s = 0, .expiry_s = 600}, 0s},
        {{.delay_s = 5, .expiry_s = 5}, 5s},   {{.delay_s = 5, .expiry_s = for_ever}, 5s},
    };
    for (unsigned workers = 1; workers != 4; ++workers) {
        for (const auto& [how, due] : rows) {
            SCOPED_TRACE(testing::Message() << workers << " workers, delay " << how.delay_s
                                            << " s, expiry " << how.expiry_s << " s");
            calm_world all{workers, workers};
            const scripted_client& listener = all.listen("listener");
            const mortal one{"mortal", how};
            all.connect(one.hello()).die();
            const instant died = all.now();
            all.rest(1000s);
            ASSERT_EQ(listener.messages().size(), 1U);
            const duration waited = listener.messages()[0].at - died;
            EXPECT_GE(waited, due);
            EXPECT_LE(waited, due + 100ms);
        }
    }
}

/// The will that a session's end brought does not keep the session.
TEST(will, does_not_hold_its_session) {
    for (const std::uint32_t delay_s : {1U, 5U, 600U}) {
        calm_world all{1, 1};
        const mortal one{"mortal", {.delay_s = delay_s, .expiry_s = 5}};
        all.connect(one.hello()).die();
        all.rest(4s);
        scripted_client& back = all.connect(one.hello());
        EXPECT_TRUE(back.has_session()) << "delay " << delay_s;
        back.die();
        all.rest(6s);
        EXPECT_FALSE(all.connect(one.hello()).has_session()) << "delay " << delay_s;
    }
}

/// An orderly end publishes all of them, delayed ones as well, before anybody is sent away, on
/// whatever worker.
TEST(will, comes_to_all_who_are_there_when_the_broker_ends) {
    constexpr unsigned many = 12;
    for (std::uint64_t seed = 0; seed != 30; ++seed) {
        SCOPED_TRACE(seed);
        calm_world all{seed, static_cast<unsigned>(1 + seed % 8)};
        std::vector<scripted_client*> listeners;
        for (unsigned i = 0; i != many; ++i)
            listeners.push_back(&all.listen("listener-" + std::to_string(i)));
        for (unsigned i = 0; i != many; ++i) {
            const mortal one{"mortal-" + std::to_string(i),
                             {.delay_s = i % 3 == 0 ? 0U : 600U, .expiry_s = 600}};
            scripted_client& there = all.connect(one.hello());
            if (i % 3 == 1) there.die();
        }
        all.rest(1s);
        all.shut_down();
        ASSERT_TRUE(all.until([&] { return all.is_quiet(); }));
        all.rest(1s);
        for (const scripted_client* one : listeners) {
            EXPECT_EQ(one->messages().size(), many);
            EXPECT_EQ(one->farewell(), mqtt::reason::server_shutting_down);
        }
    }
}

}  // namespace
}  // namespace nightjar::sim
