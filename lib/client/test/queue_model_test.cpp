// The queue of a client without a connection against a plain list: what it takes, what it drops and
// what it counts, for every policy and any limits.
#include <rapidcheck.h>

#include <deque>

#include "stage.hpp"

namespace nightjar::client::test {
namespace {

using mqtt::qos;

struct kept {
    ticket name;
    std::size_t size;
};

/// The specification, slowly.
struct model {
    queueing how;
    std::deque<kept> waiting{};
    std::vector<ticket> dropped{};

    std::size_t bytes() const {
        std::size_t all = 0;
        for (const kept& one : waiting) all += one.size;
        return all;
    }
    bool is_full(std::size_t size) const {
        return waiting.size() >= how.messages_max || bytes() + size > how.bytes_max;
    }
    /// Whether publish() answers a ticket.
    bool publish(ticket name, std::size_t size, qos level) {
        if (level == qos::at_most_once && !how.keeps_qos_0) return false;
        while (how.policy == when_full::drop_oldest && is_full(size) && !waiting.empty()) {
            dropped.push_back(waiting.front().name);
            waiting.pop_front();
        }
        if (!is_full(size)) {
            waiting.push_back({name, size});
            return true;
        }
        if (how.policy != when_full::drop_newest) return false;
        dropped.push_back(name);
        return true;
    }
    bool cancel(ticket name) {
        return std::erase_if(waiting, [&](const kept& one) { return one.name == name; }) != 0;
    }
};

void does_what_a_list_would_do() {
    stage scene;
    actor one(scene);
    one.how.host = "127.0.0.1";
    one.how.port = 1;
    one.how.again = {.is_on = true, .first = 60s, .longest = 60s, .seed = 1};
    one.how.queue.messages_max = *rc::gen::inRange<std::size_t>(1, 8);
    one.how.queue.bytes_max = *rc::gen::inRange<std::size_t>(1, 60);
    one.how.queue.policy =
        *rc::gen::element(when_full::refuse, when_full::drop_oldest, when_full::drop_newest);
    one.how.queue.keeps_qos_0 = *rc::gen::arbitrary<bool>();
    one.begin();
    model should{one.how.queue};
    ticket last = 0;
    for (int i = *rc::gen::inRange(0, 60); i != 0; --i) {
        if (*rc::gen::inRange(0, 5) == 0) {
            const ticket which = *rc::gen::inRange<ticket>(0, last + 2);
            RC_ASSERT(one.self.cancel(which) == should.cancel(which));
        } else {
            const std::string payload(*rc::gen::inRange<std::size_t>(0, 30), 'x');
            const qos level = *rc::gen::element(qos::at_most_once, qos::at_least_once);
            const auto taken = one.self.publish("t", payload, level);
            ++last;
            RC_ASSERT(taken.has_value() == should.publish(last, payload.size() + 1, level));
            if (taken) RC_ASSERT(*taken == last);
        }
        RC_ASSERT(one.self.queued() == should.waiting.size());
        RC_ASSERT(one.self.queued_bytes() == should.bytes());
        RC_ASSERT(one.dropped.size() == should.dropped.size());
        for (std::size_t n = 0; n != should.dropped.size(); ++n)
            RC_ASSERT(one.dropped[n].first == should.dropped[n]);
    }
}

TEST(queue_model, does_what_a_list_would_do) { EXPECT_TRUE(rc::check(does_what_a_list_would_do)); }

}  // namespace
}  // namespace nightjar::client::test
