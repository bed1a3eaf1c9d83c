#include "plan.hpp"

namespace nightjar::app::lab {
namespace {

constexpr unsigned heavy_connections = 16;

std::vector<unsigned> sorted(std::vector<unsigned> values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

class planner {
public:
    planner(const run_options& how, unsigned processors)
        : how_(how),
          processors_(processors),
          connections_(sorted(how.connections)),
          sizes_(sorted(how.sizes)),
          inflight_(sorted(how.inflight)) {}

    std::vector<cell> make() {
        for (const unsigned size : sizes_) {
            for (const unsigned inflight : inflight_) add_connections(size, inflight);
        }
        if (how_.idle_ms != 0) {
            add_candidates({.connections = connections_.back(),
                            .size = sizes_.front(),
                            .think_ms = how_.idle_ms},
                           true);
        }
        if (how_.work_us != 0) {
            add_candidates({.connections = std::min(heavy_connections, connections_.back()),
                            .size = sizes_.front(),
                            .work_us = how_.work_us},
                           true);
        }
        return std::move(cells_);
    }

private:
    void add_connections(unsigned size, unsigned inflight) {
        for (const unsigned count : connections_) {
            const bool is_small = size == sizes_.front() && inflight == inflight_.front();
            const bool is_large = size == sizes_.back() && inflight == inflight_.front() &&
                                  count == connections_[connections_.size() / 2];
            add_candidates({.connections = count,
                            .size = size,
                            .inflight = inflight,
                            .separate = how_.separate && inflight > 1},
                           how_.all || is_small || is_large);
        }
    }

    void add_candidates(const load& what, bool with_models) {
        if (what.work_us == 0) {
            for (const std::string& peer : how_.peers) add({peer, std::string(bare), 1}, what);
        }
        for (const std::string& model : how_.models) {
            if (model != "single" && !with_models) continue;
            for (const std::string& engine : how_.engines)
                add({engine, model, model == "single" ? 1U : how_.workers}, what);
            // Models that have to share all processors are held against one loop that has all, too.
            if (model != "single" || !with_models || how_.models.size() == 1 ||
                how_.workers < processors_)
                continue;
            for (const std::string& engine : how_.engines) add({engine, model, 1, true}, what);
        }
    }

    void add(candidate who, const load& what) {
        const bool is_shared = who.on_all || who.workers >= processors_;
        cells_.push_back({.who = std::move(who), .what = what, .is_shared = is_shared});
    }

    const run_options& how_;
    const unsigned processors_;
    const std::vector<unsigned> connections_, sizes_, inflight_;
    std::vector<cell> cells_;
};

}  // namespace

std::vector<cell> plan(const run_options& how, unsigned processors) {
    return planner(how, processors).make();
}

}  // namespace nightjar::app::lab
