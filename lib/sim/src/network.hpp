#pragma once
// What lies between the engines of a world: wires, listeners by their address, and the weather.

#include "agenda.hpp"
#include "wire.hpp"

#include <nightjar/io/engine.hpp>
#include <nightjar/sim/event_log.hpp>
#include <nightjar/sim/faults.hpp>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace nightjar::sim {

class acceptance;
class source;

class network {
public:
    network(prng chance, const faults& weather, event_log& log);
    ~network();

    // --- time
    instant now() const noexcept { return now_; }
    void move_to(instant when) noexcept { now_ = when; }
    agenda& plan() noexcept { return plan_; }

    // --- chance
    prng& chance() noexcept { return chance_; }
    const faults& how() const noexcept { return how_; }
    void set(const faults& weather);
    void set_reader(unsigned host, const reader& how) { readers_[host] = how; }
    reader reader_at(unsigned host) const;
    /// When what leaves `from` now reaches `to`.
    instant arrival(unsigned from, unsigned to);

    template <class... Args>
    void say(fmt::format_string<Args...> what, Args&&... args) {
        log_.add(now_, what, std::forward<Args>(args)...);
    }

    // --- wires
    wire* find(std::uint64_t name) noexcept;
    wire& make(const wire::terminal& from, const wire::terminal& to);
    void forget(const wire& gone) noexcept { wires_.erase(gone.name()); }
    std::size_t wires() const noexcept { return wires_.size(); }
    /// Runs `what` at `when` if the wire still is there.
    void later(instant when, std::uint64_t wire_name, std::function<void(wire&)> what);

    // --- sources: sockets, listeners and attempts by their number
    std::uint64_t enrol(source& who);
    void strike(std::uint64_t number) noexcept { sources_.erase(number); }
    source* source_of(std::uint64_t number) noexcept;

    // --- places
    result<io::endpoint> bind(const io::endpoint& asked, bool reuse_port);
    io::endpoint own_address(unsigned host, const io::endpoint& asked, const io::endpoint& to);
    void open(acceptance& who) { acceptances_.push_back(&who); }
    void close(acceptance& who) noexcept { std::erase(acceptances_, &who); }
    /// One of those who listen there, drawn; or null.
    acceptance* listener_at(const io::endpoint& where);

private:
    void plan_weather();
    void strike_weather();
    wire* any_wire();
    void part();

    prng chance_;
    faults how_;
    event_log& log_;
    instant now_ = instant(1h);
    agenda plan_;
    std::uint64_t numbers_ = 0;
    std::uint64_t weather_round_ = 0;  // of set(): an older stroke does not come any more
    std::uint16_t next_port_ = 20'000;
    std::map<std::uint64_t, std::unique_ptr<wire>> wires_;
    std::map<std::uint64_t, source*> sources_;
    std::vector<acceptance*> acceptances_;
    std::vector<unsigned> hosts_;
    std::map<std::pair<unsigned, unsigned>, instant> parted_;  // until when
    std::map<unsigned, reader> readers_;                       // who is not as usual
};

/// The address of a host in 10.0.0.0/8.
io::endpoint host_address(unsigned host, std::uint16_t port) noexcept;

}  // namespace nightjar::sim
