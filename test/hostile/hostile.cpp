// nightjar_hostile PROGRAM [--engine NAME] [--workers N] [--rounds N] [--only WORD] [--time no]:
// what well-behaved clients notice of hostile ones. For each attack a fresh broker; quiet and
// attacked phases in turn, so that a slow minute of the machine hits both.

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include "attacks.hpp"
#include "server.hpp"
#include "yardstick.hpp"

namespace nightjar::hostile {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t memory_limit = 256 * mebibyte;
/// Beside the heap: the program, threads' stacks, the allocator's own; see docs/limits.md.
constexpr std::uint64_t beside_heap = memory_limit / 4;
/// Broker, attacker and clients share the processors, here two of them. Who becomes ready while
/// both are busy waits until the kernel takes one away from another process, 3 or 4 ms, on each of
/// the ways from writer to broker to reader, whatever the broker does.
constexpr double floor_us = 15'000;

struct wishes {
    std::string program;
    std::string engine = "auto";
    std::string workers = "1";
    std::string only;
    std::string time = "yes";  // "no": latencies are told, and not judged
    int rounds = 3;
};

struct finding {
    double quiet_us = 0;
    double attacked_us = 0;
    std::uint64_t resident = 0;
    bool is_whole = true;

    bool is_good(const wishes& how) const noexcept {
        const bool is_in_time = attacked_us <= std::max(2 * quiet_us, floor_us);
        return is_whole && (is_in_time || how.time == "no") &&
               resident <= memory_limit + beside_heap;
    }
};

double p99(std::vector<double>& all) {
    if (all.empty()) return 0;
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 99 / 100);
    std::nth_element(all.begin(), at, all.end());
    return *at;
}

/// Less urgent than what it attacks, as it runs on the same machine: a peer elsewhere would not
/// take the broker's processor.
pid_t begin(const attack& what, std::uint16_t port) {
    const pid_t made = ::fork();
    if (made != 0) return made;
    ::setpriority(PRIO_PROCESS, 0, 10);
    what.run(port);
    ::_exit(0);
}

void end(pid_t attacker) {
    ::kill(attacker, SIGKILL);
    ::waitpid(attacker, nullptr, 0);
}

finding examine(const attack& what, const wishes& how) {
    const server broker{how.program,
                        {"engine=" + how.engine, "workers=" + how.workers, "allow_anonymous=true",
                         fmt::format("memory_limit={}", memory_limit), "max_queued_messages=0",
                         "connect_timeout=2", "log_type=information"}};
    finding found;
    if (broker.port() == 0)
        return fmt::print("the broker did not start\n"), finding{.is_whole = false};
    yardstick good{broker.port(), 16};
    std::vector<double> warm, quiet, attacked;
    found.is_whole = good.measure(200ms, warm);
    for (int round = 0; round != how.rounds && found.is_whole; ++round) {
        found.is_whole = good.measure(700ms, quiet);
        const pid_t attacker = begin(what, broker.port());
        std::this_thread::sleep_for(300ms);
        found.is_whole = found.is_whole && good.measure(700ms, attacked);
        found.resident = std::max(found.resident, broker.resident());
        end(attacker);
        std::this_thread::sleep_for(200ms);
    }
    found.is_whole = found.is_whole && broker.is_running();
    found.quiet_us = p99(quiet);
    found.attacked_us = p99(attacked);
    return found;
}

int run(const wishes& how) {
    fmt::print("{:<26} {:>10} {:>12} {:>10}\n", "attack", "quiet p99", "attacked p99", "resident");
    bool is_good = true;
    for (const auto group : {patient_attacks(), floods()}) {
        for (const attack& one : group) {
            if (one.name.find(how.only) == one.name.npos) continue;
            const finding found = examine(one, how);
            fmt::print("{:<26} {:>7.0f} us {:>9.0f} us {:>6} MiB  {}\n", one.name, found.quiet_us,
                       found.attacked_us, found.resident / mebibyte,
                       !found.is_whole      ? "LOST A CLIENT OR A MESSAGE"
                       : found.is_good(how) ? "good"
                                            : "TOO MUCH");
            std::fflush(stdout);
            is_good = is_good && found.is_good(how);
        }
    }
    return is_good ? 0 : 1;
}

}  // namespace
}  // namespace nightjar::hostile

int main(int count, char** arguments) {
    nightjar::hostile::wishes how;
    if (count < 2 || count % 2 != 0) return 2;
    how.program = arguments[1];
    for (int i = 2; i + 1 < count; i += 2) {
        const std::string_view name = arguments[i];
        const char* value = arguments[i + 1];
        if (name == "--engine")
            how.engine = value;
        else if (name == "--workers")
            how.workers = value;
        else if (name == "--time")
            how.time = value;
        else if (name == "--only")
            how.only = value;
        else if (name == "--rounds")
            how.rounds = std::atoi(value);
        else
            return 2;
    }
    return nightjar::hostile::run(how);
}
