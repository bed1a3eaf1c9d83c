#include <fmt/format.h>

#include "../common/number_text.hpp"
#include "explain_parts.hpp"

namespace nightjar::app::lab {
namespace {

constexpr double full = 0.9;    // of the processors: then nothing more could be done
constexpr double dearer = 1.1;  // a message, to be named as a reason
constexpr double uneven = 0.5;

double median_of(const cell& one, double measured::*what) {
    const auto value = spread_of(one, what);
    return value ? value->median : 0;
}

double cost_ratio(const cell& one, const cell& base) {
    const auto ratio = ratio_of(one, base, &measured::cpu_us);
    return ratio ? ratio->median : 1;
}

/// What in the figures of a model goes with its delivering less than one loop does.
std::vector<std::string> reasons(const record& what, const cell& model, const cell& single) {
    std::vector<std::string> found;
    const double server = median_of(model, &measured::cpu_share);
    const double client = median_of(model, &measured::client_share);
    const double processors = what.where.processors;
    if (model.what.connections < model.who.workers && !model.who.has_process_per_connection())
        found.push_back(fmt::format("{} of its {} workers can be busy", model.what.connections,
                                    model.who.workers));
    if (const double ratio = cost_ratio(model, single); ratio >= dearer)
        found.push_back(fmt::format("a message costs {} the processor time", times(ratio)));
    const auto fairness = spread_of(model, &measured::unfairness);
    if (fairness && fairness->median >= uneven && model.what.connections >= model.who.workers)
        found.push_back(
            fmt::format("its workers' shares are uneven (standard deviation {:.2f} of the mean)",
                        fairness->median));
    if (model.is_shared && server + client >= full * processors)
        found.push_back(
            fmt::format("server and load share {:g} processors that were full, and the load "
                        "took {:.2f} of them",
                        processors, client));
    if (found.empty())
        found.push_back(
            fmt::format("of {:g} processors {:.2f} were in use by it and {:.2f} by the load",
                        processors, server, client));
    return found;
}

std::string rate_text(const cell& one) {
    return grouped(median_of(one, &measured::messages_per_s));
}

/// The rate with a processor for each worker and the load elsewhere, where they had to share.
std::string scaled_text(const cell& best, const cell& single) {
    const auto ratio = scaled_ratio_of(best, single);
    if (!best.is_shared || !ratio || best.what.connections < best.who.workers) return {};
    return fmt::format("; with a processor for each worker and the load elsewhere it would be {}",
                       times(ratio->median));
}

std::string winner_text(const cell& best, const cell& single) {
    const auto ratio = ratio_of(best, single, &measured::messages_per_s);
    return fmt::format("{} delivers most, {} messages/s, {} {}, with a p99 of {} beside {}{}",
                       name_of(best.who), rate_text(best), times(ratio ? ratio->median : 1),
                       name_of(single.who), time_text(median_of(best, &measured::p99_us) * 1e3),
                       time_text(median_of(single, &measured::p99_us) * 1e3),
                       scaled_text(best, single));
}

std::string single_text(const cell& single, const std::vector<standing>& models) {
    std::vector<std::string> alike;
    const auto own = spread_of(single, &measured::messages_per_s);
    for (const standing& one : models) {
        if (one.of != &single && own && is_alike(one.value, *own))
            alike.push_back(name_of(one.of->who));
    }
    std::string text = fmt::format("{} delivers {} messages/s, and no model clearly more",
                                   name_of(single.who), rate_text(single));
    if (!alike.empty()) text += fmt::format("; {} the same", listed(alike));
    return text;
}

/// Where thought sets the rate, what a message costs is what differs.
std::string idle_text(const std::vector<standing>& by_cost) {
    std::vector<std::string> words;
    for (std::size_t i = 1; i < by_cost.size(); ++i)
        words.push_back(fmt::format("{} {}", name_of(by_cost[i].of->who),
                                    times(cost_ratio(*by_cost[i].of, *by_cost.front().of))));
    return fmt::format("{} takes the least processor time, {} µs per message; {} that",
                       name_of(by_cost.front().of->who), precise(by_cost.front().value.median),
                       listed(words));
}

std::string loser_text(const record& what, const cell& one, const cell& single) {
    const auto ratio = ratio_of(one, single, &measured::messages_per_s);
    return fmt::format("{} loses there, {} what {} delivers: {}.", name_of(one.who),
                       times(ratio ? ratio->median : 1), name_of(single.who),
                       listed(reasons(what, one, single)));
}

/// The models of one engine under one load, with what goes with the losses.
void add_engine(const record& what, const load_class& where, const std::string& engine,
                std::vector<std::string>& sentences) {
    const std::string front = fmt::format("{} ({}): ", where.title, name_of(where.what));
    const cell* single = what.one_loop(engine, where.what);
    const auto models = ranked_models(what, where.what, engine, &measured::messages_per_s);
    if (single == nullptr || models.size() < 2) return;
    if (where.what.think_ms != 0) {
        sentences.push_back(
            front + idle_text(ranked_models(what, where.what, engine, &measured::cpu_us)) + ".");
        return;
    }
    const auto own = spread_of(*single, &measured::messages_per_s);
    if (!own) return;
    const standing& best = models.back();
    const bool is_ahead = best.of != single && !is_alike(best.value, *own);
    sentences.push_back(
        front + (is_ahead ? winner_text(*best.of, *single) : single_text(*single, models)) + ".");
    for (const standing& one : models) {
        const bool loses = one.of != single && one.value.median < own->median;
        if (loses && !is_alike(one.value, *own))
            sentences.push_back(loser_text(what, *one.of, *single));
    }
}

/// The best model of another engine, in a few words; empty if there is nothing to compare.
std::string in_passing(const record& what, const load_class& where, const std::string& engine) {
    const cell* single = what.one_loop(engine, where.what);
    const bool is_idle = where.what.think_ms != 0;
    const auto figure = is_idle ? &measured::cpu_us : &measured::messages_per_s;
    const auto models = ranked_models(what, where.what, engine, figure);
    const auto own = single != nullptr ? spread_of(*single, figure) : std::nullopt;
    if (!own || models.size() < 2) return {};
    const standing& best = is_idle ? models.front() : models.back();
    if (best.of == single || is_alike(best.value, *own)) return name_of(single->who);
    const auto ratio = ratio_of(*best.of, *single, figure);
    return fmt::format("{} ({} one loop)", name_of(best.of->who), times(ratio ? ratio->median : 1));
}

}  // namespace

paragraph about_models(const record& what) {
    paragraph made{.title = "Models, beside one loop of the same engine", .sentences = {}};
    std::vector<std::string> engines;
    for (const candidate& one : what.candidates()) {
        if (!one.is_peer() &&
            std::find(engines.begin(), engines.end(), one.engine) == engines.end())
            engines.push_back(one.engine);
    }
    for (const load_class& where : classes_of(what)) {
        std::vector<std::string> others;
        for (std::size_t i = 0; i < engines.size(); ++i) {
            if (i == 0) {
                add_engine(what, where, engines[i], made.sentences);
            } else if (auto words = in_passing(what, where, engines[i]); !words.empty()) {
                others.push_back(std::move(words));
            }
        }
        if (!others.empty())
            made.sentences.push_back(fmt::format("Of other engines: {}.", listed(others)));
    }
    return made;
}

}  // namespace nightjar::app::lab
