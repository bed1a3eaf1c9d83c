#pragma once
// A broker in a calm simulated world, and clients that do what a test tells them. Time passes only
// where a test lets it.

#include <nightjar/broker/broker.hpp>
#include <nightjar/io/engine.hpp>
#include <nightjar/sim/world.hpp>
#include <scenario/link.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::sim {

class scripted_client final : private io::connector, private link_owner {
public:
    struct heard {
        std::string topic, payload;
        instant at{};
    };

    /// Says `hello` as soon as it is connected; what that borrows lives until then.
    scripted_client(io::loop& on, const io::endpoint& to, const mqtt::connect& hello)
        : on_(on), hello_(hello) {
        auto made = on.engine().connect({.to = to, .from = {}}, *this);
        expects(made.has_value(), "an attempt begins");
        attempt_ = std::move(*made);
    }

    void say(const mqtt::packet& what) { link_->say(what); }
    void subscribe(std::string_view filter, mqtt::qos most) {
        std::array<byte, 128> room;
        writer list{room};
        mqtt::subscription_list::put(list, {.filter = filter, .maximum = most});
        say(mqtt::subscribe{.id = 1, .filters = mqtt::subscription_list{list.written()}});
    }
    /// Reads no more, or again.
    void hold(bool is_held) { link_->hold(is_held); }
    /// As a process that dies.
    void die() { link_->end_rudely(); }

    bool is_welcome() const noexcept { return welcome_ == mqtt::reason::success; }
    bool has_session() const noexcept { return has_session_; }
    bool is_subscribed() const noexcept { return is_subscribed_; }
    bool is_over() const noexcept { return link_ && link_->is_over(); }
    /// Of the last PUBACK or PUBREC.
    std::optional<mqtt::reason> answer() const noexcept { return answer_; }
    /// The server's DISCONNECT.
    std::optional<mqtt::reason> farewell() const noexcept { return farewell_; }
    const std::vector<heard>& messages() const noexcept { return messages_; }

private:
    void on_connected(io::stream& fresh) noexcept override {
        link_.emplace(fresh, hello_.version, static_cast<link_owner&>(*this));
        link_->say(hello_);
    }
    void on_connect_failed(error) noexcept override {}
    void on_nonsense(mqtt::reason) override { expects(false, "the broker speaks MQTT"); }
    void on_lost(error) override {}

    void on_packet(const mqtt::packet& what) override {
        if (const auto* welcome = std::get_if<mqtt::connack>(&what)) {
            welcome_ = welcome->code;
            has_session_ = welcome->session_present;
        } else if (const auto* message = std::get_if<mqtt::publish>(&what)) {
            messages_.push_back(
                {std::string(message->topic), std::string(as_text(message->payload)), on_.now()});
            if (message->level == mqtt::qos::at_least_once) say(mqtt::puback{.id = message->id});
        } else if (const auto* last = std::get_if<mqtt::disconnect>(&what)) {
            farewell_ = last->code;
        } else if (const auto* taken = std::get_if<mqtt::puback>(&what)) {
            answer_ = taken->code;
        } else if (const auto* got = std::get_if<mqtt::pubrec>(&what)) {
            answer_ = got->code;
            if (!is_failure(got->code)) say(mqtt::pubrel{.id = got->id});
        }
        is_subscribed_ |= std::holds_alternative<mqtt::suback>(what);
    }

    io::loop& on_;
    mqtt::connect hello_;
    std::unique_ptr<io::attempt> attempt_;
    std::optional<link> link_;
    std::optional<mqtt::reason> welcome_, farewell_, answer_;
    bool has_session_ = false, is_subscribed_ = false;
    std::vector<heard> messages_;
};

/// Ends in order: all clients leave, and the broker goes.
class calm_world {
public:
    calm_world(std::uint64_t seed, unsigned workers, broker::broker_config how = {},
               const broker::listener_config& rules = {})
        : world_(seed) {
        for (unsigned i = 0; i != workers; ++i) loops_.push_back(&world_.add_loop(0));
        how.sys_interval = 0s;
        broker::listener_config& door = how.listeners.emplace_back(rules);
        door.port = place_.port();
        door.address = place_.address_text();
        door.security.allow_anonymous = true;
        broker_ = std::make_unique<broker::broker>(
            std::move(how), broker::broker::ground{
                                .loops = loops_, .log = &sink_, .seed = seed, .memory = &memory_});
        for (unsigned i = 0; i != workers; ++i)
            expects(broker_->open(i).has_value(), "the broker opens");
    }
    ~calm_world() {
        shut_down();
        until([this] { return is_quiet(); });
        rest(1s);
        clients_.clear();
    }
    calm_world(const calm_world&) = delete;
    calm_world& operator=(const calm_world&) = delete;

    scripted_client& add_client(const mqtt::connect& hello) {
        io::loop& own = world_.add_loop(1 + static_cast<unsigned>(clients_.size()));
        clients_.push_back(std::make_unique<scripted_client>(own, place_, hello));
        return *clients_.back();
    }
    /// A client that is welcome.
    scripted_client& connect(const mqtt::connect& hello) {
        scripted_client& made = add_client(hello);
        expects(until([&] { return made.is_welcome(); }), "the broker lets a client in");
        return made;
    }
    /// One that hears everything.
    scripted_client& listen(std::string_view client_id) {
        scripted_client& made = connect({.client_id = client_id});
        made.subscribe("#", mqtt::qos::at_least_once);
        expects(until([&] { return made.is_subscribed(); }), "the broker takes a subscription");
        return made;
    }

    bool until(const std::function<bool()>& done, duration bound = 60s) {
        return world_.run_until(done, bound);
    }
    void rest(duration time) {
        until([] { return false; }, time);
    }
    instant now() const noexcept { return world_.now(); }
    /// So much memory is in use, as far as the broker hears.
    void press(std::uint64_t bytes) noexcept { memory_.used = bytes; }
    void shut_down() {
        if (std::exchange(is_ending_, true)) return;
        for (unsigned i = 0; i != loops_.size(); ++i)
            loops_[i]->post([this, i] { broker_->shut_down(i); });
    }
    bool is_quiet() const {
        for (unsigned i = 0; i != loops_.size(); ++i)
            if (!broker_->is_quiet(i)) return false;
        return true;
    }

private:
    struct silent final : broker::log_sink {
        void write(broker::log_config::type, std::string_view) noexcept override {}
    };

    struct meter final : broker::memory_meter {
        std::uint64_t used = 0;
        std::uint64_t bytes_used() const noexcept override { return used; }
    };

    io::endpoint place_ = world::address_of(0, 1883);
    world world_;
    silent sink_;
    meter memory_;
    std::vector<io::loop*> loops_;
    std::unique_ptr<broker::broker> broker_;
    std::vector<std::unique_ptr<scripted_client>> clients_;
    bool is_ending_ = false;
};

}  // namespace nightjar::sim
