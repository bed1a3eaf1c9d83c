#include "aims.hpp"

#include <fmt/format.h>

namespace nightjar::app::lab {
namespace {

constexpr unsigned many = 100;
constexpr double near = 1.1, ahead = 1.0, twice = 1.7;

candidate single(const std::string& engine) { return {engine, "single", 1}; }
candidate peer(const std::string& library) { return {library, std::string(bare), 1}; }

class judge_of {
public:
    explicit judge_of(const record& what) : record_(what) {}

    std::vector<aim> judge() {
        for (const load& what : record_.loads()) {
            if (what.work_us != 0) continue;
            if (what.think_ms == 0) add_engines(what);
            if (what.connections >= many && what.think_ms == 0) add_second_worker(what);
        }
        return std::move(aims_);
    }

private:
    void add_engines(const load& what) {
        add_cost(what, "epoll", "epoll", near);
        add_cost(what, "libuv", "libuv", near);
        add_cost(what, "libevent", "libevent", near);
        if (what.connections >= many) add_cost(what, "io_uring", "epoll", ahead);
    }

    void add_cost(const load& what, const std::string& engine, const std::string& library,
                  double limit) {
        const cell* ours = record_.find(single(engine), what);
        const cell* theirs = record_.find(peer(library), what);
        if (ours == nullptr || theirs == nullptr) return;
        const auto ratio = ratio_of(*ours, *theirs, &measured::cpu_us);
        if (!ratio) return;
        const std::string bound =
            limit == ahead ? "less than" : fmt::format("at most {} times", limit);
        aims_.push_back({.says = fmt::format("{}: {} {}", engine, bound, name_of(theirs->who)),
                         .where = what,
                         .ratio = *ratio,
                         .limit = limit});
    }

    void add_second_worker(const load& what) {
        for (const candidate& who : record_.candidates()) {
            if (who.model != "reuseport" || who.workers != 2) continue;
            const cell* two = record_.find(who, what);
            const cell* one = record_.one_loop(who.engine, what);
            if (two == nullptr || one == nullptr) continue;
            const auto ratio = scaled_ratio_of(*two, *one);
            if (!ratio) continue;
            aims_.push_back(
                {.says = fmt::format("{}: at least {} times one worker", name_of(who), twice),
                 .where = what,
                 .ratio = *ratio,
                 .limit = twice,
                 .is_least = true});
        }
    }

    const record& record_;
    std::vector<aim> aims_;
};

}  // namespace

std::vector<aim> judge(const record& what) { return judge_of(what).judge(); }

}  // namespace nightjar::app::lab
