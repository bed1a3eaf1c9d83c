#pragma once
// A loop, and clients that remember what happened to them.

#include <nightjar/client/client.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nightjar::client::test {

/// The loop of a test; turns until something is so, or a limit has passed.
class stage {
public:
    io::loop loop{std::move(*io::make_epoll_engine())};

    template <class Done>
    [[nodiscard]] bool until(Done done, duration limit = 15s) {
        const instant end = loop.engine().now() + limit;
        while (!done() && loop.engine().now() < end)
            loop.run_once(std::min(end, loop.engine().now() + 20ms));
        return done();
    }
    /// Turns for that long.
    void pass(duration time) {
        static_cast<void>(until([] { return false; }, time));
    }
};

struct heard {
    std::string topic, payload;
    mqtt::qos level;
    bool retain;
};

/// A client with a diary.
class actor {
public:
    explicit actor(stage& on) : self(on.loop), stage_(on) {}

    options how;
    client self;
    std::vector<heard> messages;
    std::vector<ending> endings;
    std::vector<std::pair<ticket, mqtt::reason>> acknowledged;
    std::vector<std::pair<ticket, error>> dropped;
    std::vector<std::vector<byte>> granted;
    std::size_t connections = 0, drained = 0, rooms = 0;
    bool session_present = false;

    callbacks events() {
        callbacks all;
        all.on_connected = [this](const mqtt::connack& p) {
            ++connections;
            session_present = p.session_present;
        };
        all.on_message = [this](const mqtt::publish& p) {
            messages.push_back(
                {std::string(p.topic), std::string(as_text(p.payload)), p.level, p.retain});
        };
        all.on_acknowledged = [this](ticket t, mqtt::reason r) { acknowledged.emplace_back(t, r); };
        all.on_subscribed = [this](ticket, const mqtt::suback& p) {
            granted.emplace_back(p.codes.begin(), p.codes.end());
        };
        all.on_dropped = [this](ticket t, error e) { dropped.emplace_back(t, e); };
        all.on_drained = [this] { ++drained; };
        all.on_room = [this] { ++rooms; };
        all.on_disconnected = [this](const ending& e) { endings.push_back(e); };
        return all;
    }
    void begin() { ASSERT_TRUE(self.connect(how, events()).has_value()); }
    void arrive() {
        const std::size_t before = connections;
        begin();
        ASSERT_TRUE(stage_.until([&] { return connections > before; }));
    }
    void join(std::string_view filter, mqtt::qos level) {
        const std::size_t before = granted.size();
        ASSERT_TRUE(self.subscribe(filter, level).has_value());
        ASSERT_TRUE(stage_.until([&] { return granted.size() > before; }));
    }
    void leave() {
        self.disconnect();
        ASSERT_TRUE(stage_.until([&] { return self.is_idle(); }));
    }
    std::vector<std::string> payloads() const {
        std::vector<std::string> all;
        for (const heard& one : messages) all.push_back(one.payload);
        return all;
    }

private:
    stage& stage_;
};

/// "0", "1", … n-1.
inline std::vector<std::string> numbers(int n) {
    std::vector<std::string> all;
    for (int i = 0; i != n; ++i) all.push_back(std::to_string(i));
    return all;
}

}  // namespace nightjar::client::test
