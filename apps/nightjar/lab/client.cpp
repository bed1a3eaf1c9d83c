#include "client.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <deque>

#include "../common/process_figures.hpp"
#include "connection.hpp"

namespace nightjar::app::lab {
namespace {

constexpr std::size_t read_max = 64 * 1024;  // of the loop's engine
constexpr unsigned attempts_max = 64;        // at a time; below the listen queue of every candidate
constexpr duration look = 20ms;              // how often somebody may have interrupted

/// One run of a client.
class session {
public:
    session(const client_options& how, std::unique_ptr<io::engine> on)
        : how_(how),
          loop_(std::move(on)),
          content_(std::max<std::size_t>(read_max, std::size_t{how.what.inflight} * how.what.size)),
          all_{.loop = loop_, .what = how.what, .content = content_, .to = how.to} {}

    client_findings run() {
        client_findings found;
        if (open() && warm_up() && measure(found)) drain();
        close();
        found.trouble = all_.trouble;
        found.latency = all_.latency;
        return found;
    }

private:
    instant now() { return loop_.engine().now(); }

    std::uint64_t heard() const { return all_.count + all_.connected + all_.closed; }
    duration patience() const {
        return how_.patience + std::chrono::milliseconds(how_.what.think_ms);
    }

    /// Turns the loop until `done()`. false: a fault, somebody gave up, or nothing came for long.
    template <class Done>
    bool run_until(const char* what, Done&& done) {
        std::uint64_t before = heard();
        instant limit = now() + patience(), next_look{};
        while (all_.trouble.empty() && !done()) {
            loop_.run_once(std::min(limit, next_look));
            const instant at = loop_.now();
            if (heard() != before) limit = at + patience();
            before = heard();
            if (at >= limit)
                all_.fail(fmt::format("sent nothing for {} s {}", patience() / 1s, what));
            if (at < next_look) continue;
            next_look = at + look;
            if (how_.stop()) all_.fail("was interrupted");
        }
        return all_.trouble.empty();
    }

    bool open() {
        for (unsigned i = 0; i < how_.what.connections; ++i) connections_.emplace_back(all_, i);
        unsigned opened = 0;
        return run_until("while connecting", [&] {
            while (opened < connections_.size() && opened - all_.connected < attempts_max)
                connections_[opened++].open();
            return all_.connected == connections_.size();
        });
    }

    bool warm_up() {
        all_.is_sending = true;
        for (connection& one : connections_) one.begin();
        const instant end = now() + how_.warmup;
        return run_until("while warming up", [&] { return loop_.now() >= end; });
    }

    bool measure(client_findings& found) {
        how_.on_begin();
        const std::uint64_t before = all_.count;
        const duration used = processor_time(0).value_or(duration{});
        all_.from = now();
        all_.until = all_.from + how_.length;
        const bool went_well =
            run_until("while measuring", [&] { return loop_.now() >= all_.until; });
        const instant end = now();
        found.processor = processor_time(0).value_or(duration{}) - used;
        found.wall = end - all_.from;
        found.messages = all_.count - before;
        how_.on_end();
        if (went_well && found.messages == 0) all_.fail("no message came back");
        return all_.trouble.empty();
    }

    void drain() {
        all_.is_sending = false;
        if (run_until("of what was under way", [&] { return all_.under_way == 0; }))
            how_.on_quiet();
    }

    void close() {
        all_.is_over = true;
        const std::string trouble = std::exchange(all_.trouble, {});
        unsigned open = 0;
        for (connection& one : connections_) {
            open += one.is_open() ? 1 : 0;
            one.close();
        }
        const unsigned wanted = all_.closed + open;
        while (all_.closed < wanted) loop_.run_once(now() + look);
        all_.trouble = trouble;
    }

    const client_options& how_;
    io::loop loop_;
    pattern content_;
    crowd all_;
    std::deque<connection> connections_;
};

}  // namespace

client_findings run_client(const client_options& how) {
    auto engine = io::make_engine(io::engine_kind::epoll, {.read_buffer_bytes = read_max});
    client_findings none;
    if (!engine) {
        none.trouble = "the load has no epoll here";
        return none;
    }
    const auto run = std::make_unique<session>(how, std::move(*engine));
    return run->run();
}

bool allow_descriptors(std::uint64_t count) noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

}  // namespace nightjar::app::lab
