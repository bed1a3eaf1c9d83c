#pragma once
// What a run of the lab found out: for each server under each load, its figures round by round.
// Everything that is printed, judged or explained is made of this and of nothing else.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::app::lab {

inline constexpr std::string_view bare = "bare";  ///< The model of a peer: its library and no more.

/// A server that is measured: ours, on an engine under a model, or a program on a plain library.
struct candidate {
    std::string engine;  ///< "epoll", …; of a peer: its library.
    std::string model;   ///< "single", …, "prefork/mutex", …, or `bare`.
    unsigned workers = 1;
    /// It and the load have all processors, as models with more workers have them: where a kernel
    /// may run both on the same one, a message costs less, whatever the model.
    bool on_all = false;

    bool is_peer() const noexcept { return model == bare; }
    /// Then there are as many workers as connections, whatever `workers` says.
    bool has_process_per_connection() const noexcept { return model == "fork"; }
    friend bool operator==(const candidate&, const candidate&) = default;
};

/// "epoll, single", "epoll, single on all processors", "epoll, reuseport × 2", "plain libuv", "bare
/// epoll".
std::string name_of(const candidate& who);

/// What the client does to a server. A closed loop: each connection keeps `inflight` messages under
/// way, and sends as many as have come back.
struct load {
    unsigned connections = 1;
    unsigned size = 64;     ///< Bytes of a message.
    unsigned inflight = 1;  ///< Messages under way per connection.
    bool separate = false;  ///< A write for each message, not one for all that are due.
    unsigned think_ms = 0;  ///< From what came back to what is sent next.
    unsigned work_us = 0;   ///< What the server computes for each message.

    bool is_plain() const noexcept { return think_ms == 0 && work_us == 0; }
    friend bool operator==(const load&, const load&) = default;
};

/// "100 connections, 64 bytes, 16 in one write".
std::string name_of(const load& what);

/// One round of one server under one load.
struct measured {
    std::string trouble{};  ///< Empty: all went well. Else no other figure counts.
    double seconds = 0;
    double messages_per_s = 0;
    double cpu_us = 0;         ///< The server's processor time per message.
    double cpu_share = 0;      ///< The server's, in processors.
    double client_cpu_us = 0;  ///< The load's processor time per message.
    double client_share = 0;
    double p50_us = 0, p99_us = 0, p999_us = 0, max_us = 0;
    std::optional<double> bytes_per_connection{};  ///< Of all processes of the server.
    std::optional<double> unfairness{};  ///< Standard deviation of the workers' load by its mean.

    bool is_sound() const noexcept { return trouble.empty(); }
    friend bool operator==(const measured&, const measured&) = default;
};

struct cell {
    candidate who;
    load what;
    bool is_shared = false;  ///< Server and load had to share processors.
    std::vector<measured> rounds{};

    friend bool operator==(const cell&, const cell&) = default;
};

struct machine {
    std::string processor{}, kernel{}, version{};  ///< The last: of this program.
    unsigned processors = 0;                       ///< That the run could use.
    bool is_virtual = false;
    double load_before = 0;  ///< What else ran.

    friend bool operator==(const machine&, const machine&) = default;
};

struct record {
    machine where;
    unsigned rounds = 0;
    double seconds = 0, warmup_s = 0;
    std::vector<std::string> notes{};  ///< What was asked for and could not be measured, and why.
    std::vector<cell> cells{};

    const cell* find(const candidate& who, const load& what) const {
        const auto found = std::find_if(cells.begin(), cells.end(), [&](const cell& one) {
            return one.who == who && one.what == what;
        });
        return found == cells.end() ? nullptr : &*found;
    }
    /// One loop on that engine, under the same load and with the same processors as its models.
    const cell* one_loop(const std::string& engine, const load& what) const {
        const cell* on_all = find({engine, "single", 1, true}, what);
        return on_all != nullptr ? on_all : find({engine, "single", 1}, what);
    }
    /// In the order in which they were first measured.
    std::vector<load> loads() const;
    std::vector<candidate> candidates() const;

    friend bool operator==(const record&, const record&) = default;
};

}  // namespace nightjar::app::lab
