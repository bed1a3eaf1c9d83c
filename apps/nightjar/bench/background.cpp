#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "crowd.hpp"
#include "scenarios.hpp"

#include <nightjar/mqtt/encode.hpp>

namespace nightjar::app::benchmark {
namespace {

constexpr std::uint32_t holders = 4;
constexpr std::uint32_t filters_per_packet = 200;

/// Every fourth begins with a wildcard, so that a broker must look at it and not only at the first
/// level of the topic.
std::string filter_of(std::uint32_t index) {
    if (index % 4 == 3) return fmt::format("+/background/{}", index);
    return fmt::format("background/{}/{}", index % 1000, index);
}

/// Subscribes to its part of the filters, one SUBSCRIBE after another.
class holder final : public peer {
public:
    holder(world& where, std::uint32_t index)
        : peer(where, fmt::format("bench-b-{}", index)), next_(index) {}
    std::uint32_t granted() const noexcept { return granted_; }

private:
    void on_accepted(const mqtt::connack&) noexcept override { ask(); }

    void on_suback(const mqtt::suback& answer) noexcept override {
        for (const byte code : answer.codes) {
            if (code != 0)
                return complain(fmt::format("was refused a subscription: {}",
                                            describe(static_cast<mqtt::reason>(code))));
        }
        granted_ += static_cast<std::uint32_t>(answer.codes.size());
        ask();
    }

    void ask() noexcept {
        std::vector<byte> list(filters_per_packet * 64);
        writer entries(list);
        for (std::uint32_t i = 0; i < filters_per_packet && next_ < world_.how.subscriptions; ++i) {
            mqtt::subscription_list::put(entries, {.filter = filter_of(next_)});
            next_ += holders;
        }
        if (entries.written().empty()) return be_ready();
        const mqtt::subscribe packet{.id = 1,
                                     .filters = mqtt::subscription_list(entries.written())};
        fixed_output out({append_room(mqtt::size_of(packet, world_.how.version)),
                          mqtt::size_of(packet, world_.how.version)});
        if (!mqtt::encode(packet, world_.how.version, out)) return complain("has too many filters");
        mark();
    }

    std::uint32_t next_;
    std::uint32_t granted_ = 0;
};

}  // namespace

bool run_background(world& where, std::vector<figure>& figures) {
    std::list<holder> all;
    std::vector<peer*> peers;
    for (std::uint32_t i = 0; i < holders; ++i) peers.push_back(&all.emplace_back(where, i));
    const double before = resident(where);
    const instant start = where.loop.engine().now();
    if (open_all(where, peers)) {
        const double took =
            std::chrono::duration<double>(where.loop.engine().now() - start).count();
        std::uint32_t granted = 0;
        for (const holder& one : all) granted += one.granted();
        figures.push_back({"subscriptions", static_cast<double>(granted)});
        figures.push_back({"subscribe_s", took, 3});
        if (where.how.broker_pid != 0) {
            const double held = resident(where) - before;
            figures.push_back(
                {"bytes_per_subscription", held / std::max(1.0, static_cast<double>(granted))});
        }
        if (where.trouble.empty()) run_traffic(where, figures);
    }
    const std::string trouble = where.trouble;
    close_all(where, peers);
    where.trouble = trouble;
    return trouble.empty();
}

}  // namespace nightjar::app::benchmark
