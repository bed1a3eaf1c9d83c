#include "run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include <nightjar/io/engine.hpp>

#include "../common/progress.hpp"
#include "machine.hpp"
#include "plan.hpp"
#include "turn.hpp"

namespace nightjar::app::lab {
namespace {

programs find_programs(const run_options& how) {
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return {.nightjar = self.string(),
            .folder = how.peers_folder.empty() ? self.parent_path().string() : how.peers_folder};
}

/// Leaves out what cannot run here; a note says why.
void drop_missing(run_options& how, const programs& where, std::vector<std::string>& notes) {
    std::erase_if(how.engines, [&](const std::string& name) {
        const auto kind = io::parse_engine(name);
        if (!kind) return notes.push_back(fmt::format("engine {}: not in this build", name)), true;
        const auto made = io::make_engine(*kind);
        if (made) return false;
        notes.push_back(fmt::format("engine {}: {} here", name, describe(made.error().what)));
        return true;
    });
    std::erase_if(how.peers, [&](const std::string& name) {
        const auto path = fmt::format("{}/peer_{}", where.folder, name);
        if (std::filesystem::exists(path)) return false;
        notes.push_back(fmt::format("peer {}: there is no {}", name, path));
        return true;
    });
}

class runner {
public:
    runner(const run_options& how, const interruption& interrupted)
        : how_(how),
          interrupted_(interrupted),
          programs_(find_programs(how)),
          watch_(how.quiet || ::isatty(STDERR_FILENO) != 1) {
        made_ = {.where = this_machine(),
                 .rounds = how.rounds,
                 .seconds = how.seconds,
                 .warmup_s = how.warmup_s};
        drop_missing(how_, programs_, made_.notes);
        made_.cells = plan(how_, made_.where.processors);
    }

    std::optional<record> run() {
        begun_ = std::chrono::steady_clock::now();
        for (unsigned round = 0; round < how_.rounds; ++round) {
            for (cell& one : made_.cells) {
                say(round, one);
                one.rounds.push_back(take_turn(one));
                ++done_;
                if (interrupted_.has_come()) return std::nullopt;
            }
        }
        return std::move(made_);
    }

private:
    measured take_turn(const cell& one) {
        for (const auto& [who, trouble] : broken_) {
            if (who == one.who) return {.trouble = trouble};
        }
        turn_outcome ended = lab::take_turn({.what = one,
                                             .where = programs_,
                                             .processors = permitted_,
                                             .seconds = how_.seconds,
                                             .warmup_s = how_.warmup_s,
                                             .stop = [this] { return interrupted_.has_come(); }});
        if (!ended.has_started) broken_.emplace_back(one.who, ended.figures.trouble);
        return std::move(ended.figures);
    }

    void say(unsigned round, const cell& one) {
        const auto now = std::chrono::steady_clock::now();
        const std::size_t all = made_.cells.size() * how_.rounds;
        std::string rest;
        if (done_ > 0) {
            const double passed = std::chrono::duration<double>(now - begun_).count();
            const double left =
                passed / static_cast<double>(done_) * static_cast<double>(all - done_);
            rest = fmt::format("about {:.0f} s left; ", left);
        }
        watch_.say(instant(now.time_since_epoch()),
                   fmt::format("{} of {}, round {}; {}{}; {}", done_ + 1, all, round + 1, rest,
                               name_of(one.who), name_of(one.what)));
    }

    run_options how_;
    const interruption& interrupted_;
    const programs programs_;
    const std::vector<int> permitted_ = permitted_processors();
    progress watch_;
    record made_;
    std::vector<std::pair<candidate, std::string>> broken_;  // do not even start: not asked again
    std::chrono::steady_clock::time_point begun_;
    std::size_t done_ = 0;
};

}  // namespace

std::optional<record> run(const run_options& how, const interruption& interrupted) {
    return runner(how, interrupted).run();
}

}  // namespace nightjar::app::lab
