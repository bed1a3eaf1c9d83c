#include "subscribing_peer.hpp"

#include <fmt/format.h>

#include <nightjar/mqtt/encode.hpp>

namespace nightjar::app::benchmark {
namespace {

constexpr std::uint32_t filters_per_packet = 200;
constexpr std::size_t entry_max = 64;  // of a filter with its length and options

}  // namespace

void subscribing_peer::ask() noexcept {
    std::vector<byte> list(filters_per_packet * entry_max);
    writer entries(list);
    for (std::uint32_t i = 0; i < filters_per_packet; ++i) {
        const std::string wanted = filter(next_);
        if (wanted.empty()) break;
        mqtt::subscription_list::put(entries, {.filter = wanted, .maximum = world_.how.level});
        ++next_;
    }
    if (entries.written().empty()) return be_ready();
    const mqtt::subscribe packet{.id = 1, .filters = mqtt::subscription_list(entries.written())};
    const std::size_t size = mqtt::size_of(packet, world_.how.version);
    fixed_output out({append_room(size), size});
    if (!mqtt::encode(packet, world_.how.version, out)) return complain("has too long filters");
    mark();
}

void subscribing_peer::on_suback(const mqtt::suback& answer) noexcept {
    for (const byte code : answer.codes) {
        if (code == static_cast<byte>(world_.how.level)) continue;
        const auto said = static_cast<mqtt::reason>(code);
        return complain(fmt::format("was not granted a subscription: {}", describe(said)));
    }
    granted_ += static_cast<std::uint32_t>(answer.codes.size());
    if (granted_ != next_) return complain("got a SUBACK for something else");
    ask();
}

}  // namespace nightjar::app::benchmark
