#include <nightjar/mqtt/window.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

namespace nightjar::mqtt {
namespace {

using stage = send_window::stage;

/// The obvious way: a list of what is under way, searched from the front.
struct naive_window {
    struct flight {
        packet_id id;
        stage at;
        token message;
    };
    std::deque<flight> flights;

    flight* find(packet_id id, stage at) {
        for (auto& f : flights)
            if (f.id == id && f.at == at) return &f;
        return nullptr;
    }
    void erase(packet_id id) {
        std::erase_if(flights, [&](const flight& f) { return f.id == id; });
    }
    std::size_t messages() const {
        return static_cast<std::size_t>(
            std::count_if(flights.begin(), flights.end(),
                          [](const flight& f) { return f.at != stage::wait_answer; }));
    }
};

/// A window and its model, which get the same calls and must say the same.
class pair {
public:
    explicit pair(std::size_t slots) : slots_(slots), real_(slots_) {}

    void set_quota(std::uint16_t quota) { real_.set_quota(quota_ = quota); }

    void begin(qos level, token message) {
        const bool had_room = real_.has_room();
        const packet_id next = real_.next_id();
        const auto id = real_.begin(level, message);
        RC_ASSERT(id.has_value() == had_room);
        if (model_.messages() >= quota_) RC_ASSERT(!id);
        if (id)
            note(*id, next, level == qos::at_least_once ? stage::wait_puback : stage::wait_pubrec,
                 message);
    }
    void request(token message) {
        const packet_id next = real_.next_id();
        if (const auto id = real_.begin_request(message))
            note(*id, next, stage::wait_answer, message);
    }
    void puback(packet_id id) { finish(real_.on_puback(id), id, stage::wait_puback); }
    void pubcomp(packet_id id) {
        const auto did = real_.on_pubcomp(id);
        RC_ASSERT(did.is_known == (model_.find(id, stage::wait_pubcomp) != nullptr));
        RC_ASSERT(!did.is_released);
        if (did.is_known) model_.erase(id);
    }
    void answer(packet_id id) { finish(real_.on_answer(id), id, stage::wait_answer); }
    void pubrec(packet_id id, bool failed) {
        if (failed && model_.find(id, stage::wait_pubrec))
            return finish(real_.on_pubrec(id, true), id, stage::wait_pubrec);
        auto* waiting = model_.find(id, stage::wait_pubrec);
        auto* repeated = model_.find(id, stage::wait_pubcomp);
        const auto did = real_.on_pubrec(id, failed);
        RC_ASSERT(did.is_known == (waiting || repeated));
        RC_ASSERT(did.is_released == (waiting != nullptr));
        if (waiting) {
            RC_ASSERT(did.message == waiting->message);
            waiting->at = stage::wait_pubcomp;
            waiting->message = 0;
        } else if (repeated && failed) {
            model_.erase(id);
        }
    }
    void reconnect() {
        real_.begin_connection();
        std::erase_if(model_.flights, [](const auto& f) { return f.at == stage::wait_answer; });
        real_.for_each([](packet_id, send_window::slot& s) { RC_ASSERT(!s.is_written); });
    }
    void forget_released() {
        real_.forget_released();
        std::erase_if(model_.flights, [](const auto& f) { return f.at == stage::wait_pubcomp; });
    }
    void grow() {
        if (slots_.size() >= 256) return;
        std::vector<send_window::slot> larger(slots_.size() * 2);
        send_window grown{larger};
        const packet_id next = real_.next_id();
        grown.take_over(real_);
        RC_ASSERT(real_.is_empty());
        RC_ASSERT(grown.next_id() == next);
        std::swap(slots_, larger);
        real_ = grown;
    }

    /// Both hold the same, in the same order.
    void compare() {
        std::size_t at = 0;
        real_.for_each([&](packet_id id, send_window::slot& s) {
            RC_ASSERT(at < model_.flights.size());
            const auto& f = model_.flights[at++];
            RC_ASSERT(f.id == id);
            RC_ASSERT(f.at == s.at);
            RC_ASSERT(f.message == s.message);
        });
        RC_ASSERT(at == model_.flights.size());
        RC_ASSERT(real_.in_flight() == model_.messages());
        RC_ASSERT(real_.is_empty() == (model_.messages() == 0));
    }
    packet_id some_id() const {
        if (model_.flights.empty() || *rc::gen::inRange(0, 4) == 0)
            return *rc::gen::arbitrary<packet_id>();
        return model_.flights[*rc::gen::inRange<std::size_t>(0, model_.flights.size())].id;
    }

private:
    void note(packet_id id, packet_id announced, stage at, token message) {
        RC_ASSERT(id != 0);
        RC_ASSERT(id == announced);
        for (const auto& f : model_.flights) RC_ASSERT(f.id != id);
        model_.flights.push_back({id, at, message});
    }
    void finish(send_window::outcome did, packet_id id, stage at) {
        auto* f = model_.find(id, at);
        RC_ASSERT(did.is_known == (f != nullptr));
        RC_ASSERT(did.is_released == (f != nullptr));
        if (!f) return;
        RC_ASSERT(did.message == f->message);
        model_.erase(id);
    }

    std::vector<send_window::slot> slots_;
    send_window real_;
    naive_window model_;
    std::uint16_t quota_ = 65535;
};

void act(pair& both, token message) {
    switch (*rc::gen::inRange(0, 14)) {
        case 0:
        case 1:
        case 2: return both.begin(qos::at_least_once, message);
        case 3:
        case 4: return both.begin(qos::exactly_once, message);
        case 5: return both.request(message);
        case 6: return both.puback(both.some_id());
        case 7: return both.pubrec(both.some_id(), false);
        case 8: return both.pubrec(both.some_id(), true);
        case 9: return both.pubcomp(both.some_id());
        case 10: return both.answer(both.some_id());
        case 11: return both.reconnect();
        case 12: return *rc::gen::inRange(0, 4) == 0 ? both.grow() : both.forget_released();
        default: return both.set_quota(*rc::gen::inRange<std::uint16_t>(1, 20));
    }
}

// [MQTT5 2.2.1-3] [MQTT5 2.2.1-4] [MQTT5 4.3.2-1] [MQTT5 4.3.3-1] [MQTT5 4.9.0-2]
// [MQTT311 2.3.1-2] [MQTT311 2.3.1-4]
TEST(send_window, does_what_a_list_would_do) {
    EXPECT_TRUE(rc::check("send_window against a list", [] {
        pair both(std::size_t{2} << *rc::gen::inRange(0, 5));
        const int steps = *rc::gen::inRange(0, 200);
        for (int i = 0; i < steps; ++i) {
            act(both, static_cast<token>(i + 1));
            both.compare();
        }
    }));
}

// [MQTT5 2.2.1-4] [MQTT311 2.3.1-4]
TEST(send_window, goes_from_65535_to_1) {
    std::vector<send_window::slot> slots(4);
    send_window window{slots};
    for (std::uint32_t i = 0; i < 65534; ++i) {
        const packet_id id = *window.begin(qos::at_least_once, 1);
        ASSERT_EQ(id, i + 1);
        ASSERT_TRUE(window.on_puback(id).is_released);
    }
    EXPECT_EQ(*window.begin(qos::at_least_once, 65), 65535);
    EXPECT_EQ(*window.begin(qos::exactly_once, 66), 1);
    EXPECT_EQ(*window.begin(qos::at_least_once, 67), 2);
    EXPECT_FALSE(window.on_puback(0).is_known);
    EXPECT_EQ(window.on_pubrec(1, false).message, 66u);
    EXPECT_EQ(window.on_puback(65535).message, 65u);
    std::vector<send_window::slot> more(8);
    send_window larger{more};
    larger.take_over(window);
    EXPECT_TRUE(larger.on_pubcomp(1).is_known);
    EXPECT_EQ(larger.on_puback(2).message, 67u);
}

TEST(send_window, keeps_65535_flights_apart) {
    std::vector<send_window::slot> slots(65536);
    send_window window{slots};
    for (std::uint32_t i = 0; i < 65535; ++i)
        ASSERT_TRUE(window.begin(qos::at_least_once, i + 1).has_value());
    EXPECT_EQ(window.in_flight(), 65535);
    EXPECT_EQ(window.begin(qos::at_least_once, 1).error(), error::no_room);
    EXPECT_EQ(window.begin_request(1).error(), error::no_room);
    EXPECT_EQ(window.on_puback(65535).message, 65535u);
    EXPECT_FALSE(window.has_room()) << "the newest waits for the oldest";
    EXPECT_EQ(window.on_puback(1).message, 1u);
    EXPECT_EQ(*window.begin(qos::at_least_once, 9), 1);
}

// [MQTT5 4.4.0-2]
TEST(send_window, a_failed_pubrec_ends_the_flight) {
    std::vector<send_window::slot> slots(4);
    send_window window{slots};
    const packet_id id = *window.begin(qos::exactly_once, 5);
    EXPECT_EQ(window.on_pubrec(id, true).message, 5u);
    EXPECT_TRUE(window.is_empty());
}

TEST(receive_window, does_what_a_set_would_do) {
    EXPECT_TRUE(rc::check("receive_window against a set", [] {
        std::vector<packet_id> room(*rc::gen::inRange<std::size_t>(0, 9));
        receive_window real{room};
        std::map<packet_id, bool> model;  // whether it is settled
        const int steps = *rc::gen::inRange(0, 100);
        for (int i = 0; i < steps; ++i) {
            const auto id = static_cast<packet_id>(*rc::gen::inRange(1, 13));
            const auto found = model.find(id);
            const bool is_held = found != model.end();
            RC_ASSERT(real.holds(id) == is_held);
            RC_ASSERT(real.is_settled(id) == (is_held && found->second));
            const int what = *rc::gen::inRange(0, 4);
            if (what == 0) {
                RC_ASSERT(real.release(id) == is_held);
                model.erase(id);
                continue;
            }
            if (what == 1) {
                RC_ASSERT(real.settle(id) == is_held);
                if (is_held) found->second = true;
                continue;
            }
            using verdict = receive_window::verdict;
            const auto expected = is_held                       ? verdict::repeated
                                  : model.size() == room.size() ? verdict::no_room
                                                                : verdict::fresh;
            RC_ASSERT(real.admit(id) == expected);
            if (expected == verdict::fresh) model.emplace(id, false);
            RC_ASSERT(real.held() == model.size());
        }
    }));
}

}  // namespace
}  // namespace nightjar::mqtt
