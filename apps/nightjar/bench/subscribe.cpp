// Clients that subscribe and unsubscribe, over and over.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <list>

#include <nightjar/base/expects.hpp>

#include <nightjar/mqtt/encode.hpp>

#include "crowd.hpp"
#include "measure.hpp"
#include "scenarios.hpp"

namespace nightjar::app::benchmark {
namespace {

/// Each of its filters is asked for and given back in turn; the packet identifier says which.
class fickle final : public peer {
public:
    fickle(world& where, std::uint32_t index) : peer(where, fmt::format("bench-f-{}", index)) {
        for (std::uint32_t i = 0; i < where.how.inflight; ++i) {
            const auto id = static_cast<mqtt::packet_id>(i + 1);
            filters_.push_back(make(fmt::format("bench/{}/{}", index, i), id));
        }
    }
    void begin() {
        for (wish& one : filters_) ask(one);
    }
    bool is_settled() const noexcept { return open_ == 0; }

private:
    struct wish {
        std::vector<byte> subscribe, unsubscribe;
        bool is_held = false;
        instant asked{};
    };

    wish make(const std::string& filter, mqtt::packet_id id) const {
        const mqtt::version version = world_.how.version;
        std::array<byte, 128> room{};
        wish made;
        writer entry(room);
        mqtt::subscription_list::put(entry, {.filter = filter, .maximum = world_.how.level});
        const mqtt::subscribe one{.id = id, .filters = mqtt::subscription_list(entry.written())};
        made.subscribe.resize(mqtt::size_of(one, version));
        fixed_output first(made.subscribe);
        writer name(bytes(room).subspan(64));
        mqtt::filter_list::put(name, filter);
        const mqtt::unsubscribe other{.id = id, .filters = mqtt::filter_list(name.written())};
        made.unsubscribe.resize(mqtt::size_of(other, version));
        fixed_output second(made.unsubscribe);
        expects(mqtt::encode(one, version, first) && mqtt::encode(other, version, second),
                "there is room for a short filter");
        return made;
    }

    void ask(wish& one) {
        one.asked = world_.loop.now();
        append(one.is_held ? one.unsubscribe : one.subscribe);
        ++open_;
        mark();
    }

    std::size_t on_packets(bytes_view& in) noexcept override {
        return each_packet(in, [this](const mqtt::frame& one) {
            const bool is_suback = one.type == mqtt::packet_type::suback;
            if (!is_suback && one.type != mqtt::packet_type::unsuback) return on_other(one);
            on_answer(read_u16(one.body), is_suback, one.body.back());
        });
    }

    /// `last` is the reason code where the packet has one: an UNSUBACK of 3.x has none.
    void on_answer(mqtt::packet_id id, bool is_suback, byte last) {
        if (id == 0 || id > filters_.size() || filters_[id - 1u].is_held == is_suback) {
            return complain("got an answer to something else");
        }
        const bool has_code = is_suback || world_.how.version == mqtt::version::v5;
        const byte granted = is_suback ? static_cast<byte>(world_.how.level) : byte{0};
        if (has_code && last != granted) {
            const auto code = static_cast<mqtt::reason>(last);
            return complain(fmt::format("was refused: {}", describe(code)));
        }
        wish& one = filters_[id - 1u];
        one.is_held = is_suback;
        --open_;
        ++world_.count;
        world_.latency.record(one.asked, world_.loop.now());
        if (world_.is_sending || one.is_held) ask(one);
    }

    std::vector<wish> filters_;
    std::uint32_t open_ = 0;
};

}  // namespace

bool run_subscribe(world& where, findings& target) {
    std::list<fickle> all;
    std::vector<peer*> peers;
    for (std::uint32_t i = 0; i < where.how.connections; ++i)
        peers.push_back(&all.emplace_back(where, i));
    const auto waiting = [&] {
        return std::count_if(all.begin(), all.end(), [](auto& one) { return !one.is_settled(); });
    };
    const auto missing = [&] { return fmt::format("{} clients wait for an answer", waiting()); };
    bool went_well = open_all(where, peers);
    if (went_well) {
        where.is_sending = true;
        for (fickle& one : all) one.begin();
        went_well = measure(where, target, missing);
        where.is_sending = false;
        if (went_well) where.run_until([&] { return waiting() == 0; }, missing);
        add_latency(where, target);
    }
    const std::string trouble = where.trouble;
    close_all(where, peers);
    where.trouble = trouble;
    return trouble.empty();
}

}  // namespace nightjar::app::benchmark
