#include <nightjar/sim/faults.hpp>

#include <fmt/format.h>

#include <cmath>

namespace nightjar::sim {
namespace {

/// 0 half of the time; else up to `most`, small values as likely as large ones.
double maybe(prng& from, double most) noexcept {
    const bool exists = from.chance(0.5);
    const double magnitude = static_cast<double>(from.uniform(1000)) / 1000.0;
    return exists ? most * std::pow(10.0, -2.0 * magnitude) : 0;
}

std::uint32_t weight(prng& from) noexcept {
    const bool exists = from.chance(0.5);
    const auto drawn = static_cast<std::uint32_t>(1 + from.uniform(10));
    return exists ? drawn : 0;
}

}  // namespace

faults faults::draw(prng& from) noexcept {
    faults f;
    f.latency = 10us * (1 + from.uniform(5000));
    if (from.chance(0.5)) f.latency_spread = 10us * from.uniform(20'000);
    f.cut_read = maybe(from, 0.9);
    f.short_write = maybe(from, 0.9);
    f.small_window = maybe(from, 0.5);
    f.late_accept = maybe(from, 0.5);
    f.refused_connect = maybe(from, 0.3);
    f.lost_connect = maybe(from, 0.3);
    f.stalled_loop = maybe(from, 0.1);
    f.resets = weight(from);
    f.vanishings = weight(from);
    f.partitions = weight(from);
    f.partition_max = 1s * (1 + from.uniform(60));
    if (from.chance(0.7)) f.weather = 100ms * (1 + from.uniform(100));
    return f;
}

std::string faults::text() const {
    const auto ms = [](duration d) { return std::chrono::duration<double, std::milli>(d).count(); };
    return fmt::format(
        "latency {}+{} ms, cut {:.3f}, short {:.3f}, small window {:.3f}, late accept {:.3f}, "
        "refused {:.3f}, lost {:.3f}, stall {:.3f}, weather {} ms: resets {} vanishings {} "
        "partitions {} of {} ms",
        ms(latency), ms(latency_spread), cut_read, short_write, small_window, late_accept,
        refused_connect, lost_connect, stalled_loop, ms(weather), resets, vanishings, partitions,
        ms(partition_max));
}

}  // namespace nightjar::sim
