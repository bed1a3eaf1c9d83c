#include "crowd.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace nightjar::app::benchmark {
namespace {

constexpr std::size_t attempts_max = 64;  // below the smallest listen queue in use, which is 100
constexpr std::size_t per_address_max = 20'000;

io::endpoint source_of(const io::endpoint& broker, std::size_t index) {
    const bytes_view address = broker.address();
    if (broker.kind() != io::endpoint::family::v4 || address[0] != 127) return {};
    return io::endpoint::v4({127, 0, 0, static_cast<byte>(1 + index / per_address_max)}, 0);
}

}  // namespace

bool open_all(world& where, const std::vector<peer*>& peers) {
    const std::uint32_t before = where.ready;
    std::size_t opened = 0;
    const auto done = [&] {
        const std::size_t ready = where.ready - before;
        if (const instant now = where.loop.now(); where.watch.is_due(now))
            where.watch.say(now, fmt::format("{} of {} are connected", ready, peers.size()));
        while (opened < peers.size() && opened - ready < attempts_max && where.trouble.empty()) {
            peers[opened]->open(source_of(where.how.broker, opened));
            ++opened;
        }
        return ready == peers.size();
    };
    return where.run_until(done, [&] {
        return fmt::format("the broker has accepted {} of {} connections", where.ready - before,
                           peers.size());
    });
}

void close_all(world& where, const std::vector<peer*>& peers) {
    where.is_over = true;
    where.trouble.clear();
    for (peer* one : peers) one->close();
    const auto is_closed = [](const peer* one) { return !one->is_open(); };
    where.run_until([&] { return std::all_of(peers.begin(), peers.end(), is_closed); },
                    [] { return std::string(); });
}

bool allow_descriptors(std::uint64_t count) noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

}  // namespace nightjar::app::benchmark
