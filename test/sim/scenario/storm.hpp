#pragma once
// One storm while it runs: the world, the broker and the clients in it, and what is checked when.
//
//      open ─► storm ─► calm: settled, slow readers, retained, queues, memory, partings ─► all
//      leave ─► the broker ends

#include "scenario/guest.hpp"
#include "scenario/losses.hpp"
#include "scenario/plan.hpp"
#include "scenario/scenario.hpp"

#include <nightjar/broker/broker.hpp>
#include <nightjar/sim/world.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::sim {

/// The broker's log, to the world's, and to whoever counts what it says was lost.
class log_to_world final : public broker::log_sink {
public:
    log_to_world(world& in, loss_ledger& losses, bool is_hushed) noexcept
        : in_(in), losses_(losses), is_hushed_(is_hushed) {}
    void write(broker::log_config::type, std::string_view line) noexcept override {
        in_.log().add(in_.now(), "broker: {}", line);
        if (!is_hushed_ || line.find("guest-1 ") == line.npos) losses_.read(line);
    }

private:
    world& in_;
    loss_ledger& losses_;
    bool is_hushed_;
};

/// What the process is said to have taken: what the broker itself says that it holds, and what
/// presses it from elsewhere. The heap's own count would not be the same in each run of a seed.
class pressed_memory final : public broker::memory_meter {
public:
    void watch(const broker::broker& whose) noexcept { whose_ = &whose; }
    void forget() noexcept { whose_ = nullptr; }
    void press(std::uint64_t bytes) noexcept { elsewhere_ = bytes; }
    void be_boundless() noexcept { is_boundless_ = true; }
    std::uint64_t bytes_used() const noexcept override;

private:
    const broker::broker* whose_ = nullptr;
    std::uint64_t elsewhere_ = 0;
    bool is_boundless_ = false;
};

class storm {
public:
    explicit storm(const scenario_options& how);
    verdict run();

private:
    // --- its parts
    void open_broker();
    void rage();
    void settle();
    void say_goodbye();
    void shut_down();
    // --- what is checked when it is calm
    void check_connections();
    void check_missing();
    void check_slow_readers();
    void check_retained();
    void check_queue();
    void check_memory();
    void check_partings();
    void check_will_of(const guest& who, const parting& how);
    std::vector<std::size_t> missing_now() const;
    void check_losses(const std::vector<std::size_t>& missing);

    struct waiting {
        message_name what;
        std::size_t size = 0;  // of its payload
    };
    std::vector<waiting> fill_queue();
    std::vector<message_name> survivors(const std::vector<waiting>& said) const;
    std::uint64_t dropped() const { return total(broker_->count().lost); }
    std::uint64_t draw_pressure();
    std::int64_t may_keep() const;
    bool until(const std::function<bool()>& done, duration bound) {
        return world_.run_until(done, bound);
    }
    void rest(duration time) {
        until([] { return false; }, time);
    }
    void complain(std::string what);
    guest& add_guest(canary planted);

    scenario_options how_;
    prng chance_;
    verdict verdict_;
    plan plan_;
    world world_;
    loss_ledger losses_;
    log_to_world sink_{world_, losses_, how_.planted == canary::hushed};
    pressed_memory memory_;
    std::vector<io::loop*> loops_;
    std::unique_ptr<broker::broker> broker_;
    oracle judge_;
    std::vector<std::unique_ptr<guest>> guests_;
    guest* probe_ = nullptr;
    std::int64_t held_at_first_ = 0;  // by the broker before anybody came
    std::map<std::string, message_name> retained_;
    std::map<message_name, instant> heard_;  // by the probe
    std::vector<message_name> queued_;       // of the probe's queue, in their order
};

plan plan_of(std::uint64_t seed);

}  // namespace nightjar::sim
