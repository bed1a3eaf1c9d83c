#include "network.hpp"

#include "listener.hpp"

#include <algorithm>

namespace nightjar::sim {
namespace {

/// Whether who listens at `own` hears who calls `asked`.
bool hears(const io::endpoint& own, const io::endpoint& asked) noexcept {
    if (own == asked) return true;
    using family = io::endpoint::family;
    if (own.kind() != asked.kind() || own.kind() == family::local) return false;
    const bool is_any = std::ranges::all_of(own.address(), [](byte b) { return b == 0; });
    return is_any && own.port() == asked.port();
}

}  // namespace

io::endpoint host_address(unsigned host, std::uint16_t port) noexcept {
    return io::endpoint::v4({10, static_cast<byte>(host >> 16), static_cast<byte>(host >> 8),
                             static_cast<byte>(host + 1)},
                            port);
}

network::network(prng chance, const faults& weather, event_log& log)
    : chance_(chance), log_(log), plan_(chance_.fork()) {
    set(weather);
}

network::~network() = default;

instant network::arrival(unsigned from, unsigned to) {
    duration way = how_.latency;
    if (how_.latency_spread > 0ns)
        way += duration(chance_.uniform(static_cast<std::uint64_t>(how_.latency_spread.count())));
    const auto parted = parted_.find(std::minmax(from, to));
    const instant leaves = parted == parted_.end() ? now_ : std::max(now_, parted->second);
    return leaves + way;
}

reader network::reader_at(unsigned host) const {
    const auto at = readers_.find(host);
    return at == readers_.end() ? reader{} : at->second;
}

wire* network::find(std::uint64_t name) noexcept {
    const auto at = wires_.find(name);
    return at == wires_.end() ? nullptr : at->second.get();
}

wire& network::make(const wire::terminal& from, const wire::terminal& to) {
    for (const unsigned host : {from.host, to.host})
        if (std::ranges::find(hosts_, host) == hosts_.end()) hosts_.push_back(host);
    const std::uint64_t name = ++numbers_;
    say("wire {} from {} to {}", name, from.address.text(), to.address.text());
    return *wires_.emplace(name, std::make_unique<wire>(*this, name, from, to)).first->second;
}

void network::later(instant when, std::uint64_t wire_name, std::function<void(wire&)> what) {
    plan_.at(when, [this, wire_name, what = std::move(what)] {
        if (wire* its = find(wire_name)) what(*its);
    });
}

std::uint64_t network::enrol(source& who) {
    sources_.emplace(++numbers_, &who);
    return numbers_;
}

source* network::source_of(std::uint64_t number) noexcept {
    const auto at = sources_.find(number);
    return at == sources_.end() ? nullptr : at->second;
}

result<io::endpoint> network::bind(const io::endpoint& asked, bool reuse_port) {
    using family = io::endpoint::family;
    if (asked.kind() == family::none) return nightjar::fail(error::invalid);
    if (asked.kind() != family::local && asked.port() == 0) return asked.with_port(next_port_++);
    for (const acceptance* other : acceptances_) {
        const bool is_shared = reuse_port && other->shares();
        if (other->at() == asked && !is_shared) return nightjar::fail(error::in_use);
    }
    return asked;
}

io::endpoint network::own_address(unsigned host, const io::endpoint& asked,
                                  const io::endpoint& to) {
    using family = io::endpoint::family;
    if (next_port_ < 20'000) next_port_ = 20'000;
    if (asked.kind() != family::none)
        return asked.port() != 0 ? asked : asked.with_port(next_port_++);
    if (to.kind() == family::v4) {
        const bool is_loopback = to.address()[0] == 127;
        const std::uint16_t port = next_port_++;
        return is_loopback ? io::endpoint::loopback_v4(port) : host_address(host, port);
    }
    return to.kind() == family::v6 ? to.with_port(next_port_++) : to;
}

acceptance* network::listener_at(const io::endpoint& where) {
    std::vector<acceptance*> hear;
    for (acceptance* one : acceptances_)
        if (hears(one->at(), where)) hear.push_back(one);
    return hear.empty() ? nullptr : hear[chance_.uniform(hear.size())];
}

}  // namespace nightjar::sim
