#include "explain.hpp"

#include <fmt/format.h>

#include "../common/number_text.hpp"
#include "explain_parts.hpp"

namespace nightjar::app::lab {
namespace {

constexpr double uneven = 0.25;  // beyond it the shares of workers are called so
constexpr double much = 2;       // of memory, against the least

const load_class* most_connections(const std::vector<load_class>& classes) {
    const load_class* found = nullptr;
    for (const load_class& one : classes) {
        if (one.what.work_us != 0) continue;
        if (found == nullptr || one.what.connections > found->what.connections) found = &one;
    }
    return found;
}

std::string size_text(double bytes) {
    if (bytes < 10'000) return fmt::format("{} bytes", grouped(bytes));
    return fmt::format("{} kB", precise(bytes / 1000));
}

}  // namespace

paragraph in_short(const record& what) {
    paragraph made{.title = "In short", .sentences = {}};
    for (const load_class& one : classes_of(what)) {
        const auto engines = ranked(what, one.what, &measured::cpu_us,
                                    [](const candidate& who) { return who.model == "single"; });
        if (engines.empty()) continue;
        const std::string& engine = engines.front().of->who.engine;
        const auto models =
            ranked(what, one.what, &measured::messages_per_s,
                   [&](const candidate& who) { return who.engine == engine && !who.is_peer(); });
        const standing& best = models.back();
        const standing& one_loop = engines.front();
        const auto one_rate = spread_of(*one_loop.of, &measured::messages_per_s);
        const bool is_alike_single = one_rate && is_alike(*one_rate, best.value);
        const candidate& who = is_alike_single ? one_loop.of->who : best.of->who;
        made.sentences.push_back(fmt::format("{}: {}", one.title, name_of(who)));
    }
    return made;
}

paragraph about_memory(const record& what) {
    paragraph made{.title = "Memory", .sentences = {}};
    const auto classes = classes_of(what);
    const load_class* where = most_connections(classes);
    if (where == nullptr) return made;
    const cell* least = nullptr;
    std::vector<std::pair<const cell*, double>> all;
    for (const cell& one : what.cells) {
        if (one.what != where->what) continue;
        const auto value = spread_of(one, &measured::bytes_per_connection);
        if (!value) continue;
        all.emplace_back(&one, value->median);
        if (least == nullptr ||
            value->median < spread_of(*least, &measured::bytes_per_connection)->median)
            least = &one;
    }
    if (least == nullptr) return made;
    const double floor = std::max(1.0, spread_of(*least, &measured::bytes_per_connection)->median);
    made.sentences.push_back(fmt::format("With {}, {} holds the least for a connection: {}.",
                                         name_of(where->what), name_of(least->who),
                                         size_text(floor)));
    for (const auto& [one, bytes] : all) {
        if (bytes < floor * much) continue;
        made.sentences.push_back(fmt::format("{} holds {}, {} that.", name_of(one->who),
                                             size_text(bytes), times(bytes / floor)));
    }
    return made;
}

paragraph about_fairness(const record& what) {
    paragraph made{.title = "Fairness between workers", .sentences = {}};
    const auto classes = classes_of(what);
    const load_class* where = most_connections(classes);
    if (where == nullptr) return made;
    std::vector<std::string> even;
    for (const cell& one : what.cells) {
        const auto value =
            one.what == where->what ? spread_of(one, &measured::unfairness) : std::nullopt;
        if (!value) continue;
        if (value->median <= uneven) {
            even.push_back(fmt::format("{} ({:.2f})", name_of(one.who), value->median));
            continue;
        }
        made.sentences.push_back(fmt::format(
            "{} is uneven: the standard deviation of what its workers did is {:.2f} of their mean.",
            name_of(one.who), value->median));
    }
    if (!even.empty())
        made.sentences.push_back(
            fmt::format("Even within a quarter (standard deviation by mean): {}.", listed(even)));
    if (!made.sentences.empty()) made.title += ", " + name_of(where->what);
    return made;
}

paragraph about_failures(const record& what) {
    paragraph made{.title = "What could not be measured", .sentences = what.notes};
    std::vector<std::pair<candidate, std::string>> told;
    for (const cell& one : what.cells) {
        for (const measured& round : one.rounds) {
            const std::pair<candidate, std::string> here(one.who, round.trouble);
            if (round.is_sound() || std::find(told.begin(), told.end(), here) != told.end())
                continue;
            told.push_back(here);
            made.sentences.push_back(
                fmt::format("{} {} ({}).", name_of(one.who), round.trouble, name_of(one.what)));
        }
    }
    return made;
}

std::vector<paragraph> explain(const record& what) {
    std::vector<paragraph> made{in_short(what),     about_engines(what),  about_models(what),
                                about_memory(what), about_fairness(what), about_failures(what)};
    std::erase_if(made, [](const paragraph& one) { return one.sentences.empty(); });
    return made;
}

std::string to_text(const std::vector<paragraph>& what) {
    std::string text;
    for (const paragraph& one : what) {
        text += one.title + "\n";
        for (const std::string& sentence : one.sentences) text += "  " + sentence + "\n";
        text += "\n";
    }
    return text;
}

}  // namespace nightjar::app::lab
