#include "explain.hpp"

#include <fmt/format.h>

#include "../common/number_text.hpp"
#include "explain_parts.hpp"

namespace nightjar::app::lab {
namespace {

constexpr double uneven = 0.25;  // beyond it the shares of workers are called so
constexpr double much = 2;       // of memory, against one loop

const load_class* most_connections(const std::vector<load_class>& classes) {
    const load_class* found = nullptr;
    for (const load_class& one : classes) {
        if (one.what.work_us != 0) continue;
        if (found == nullptr || one.what.connections > found->what.connections) found = &one;
    }
    return found;
}

std::optional<double> bytes_of(const cell& one) {
    const auto value = spread_of(one, &measured::bytes_per_connection);
    return value ? std::optional(value->median) : std::nullopt;
}

std::string size_text(double bytes) {
    if (bytes < 10'000) return fmt::format("{} bytes", grouped(bytes));
    return fmt::format("{} kB", precise(bytes / 1000));
}

}  // namespace

paragraph in_short(const record& what) {
    paragraph made{.title = "In short", .sentences = {}};
    for (const load_class& one : classes_of(what)) {
        const auto engines = ranked(what, one.what, &measured::cpu_us, is_plain_single);
        if (engines.empty()) continue;
        const candidate& least = engines.front().of->who;
        const auto models = ranked_models(what, one.what, least.engine, &measured::messages_per_s);
        const cell* base = what.one_loop(least.engine, one.what);
        const auto own =
            base != nullptr ? spread_of(*base, &measured::messages_per_s) : std::nullopt;
        const bool is_ahead = own && !models.empty() && !is_alike(*own, models.back().value);
        const candidate& who = is_ahead ? models.back().of->who : least;
        made.sentences.push_back(
            fmt::format("{}: {}", one.title, name_of(who.on_all ? least : who)));
    }
    return made;
}

paragraph about_memory(const record& what) {
    paragraph made{.title = "Memory", .sentences = {}};
    const auto classes = classes_of(what);
    const load_class* where = most_connections(classes);
    if (where == nullptr) return made;
    std::vector<std::string> loops, models;
    for (const cell& one : what.cells) {
        const auto value = one.what == where->what ? bytes_of(one) : std::nullopt;
        if (!value) continue;
        if (one.who.is_peer() || is_plain_single(one.who))
            loops.push_back(fmt::format("{} {}", name_of(one.who), size_text(*value)));
        const cell* base = what.one_loop(one.who.engine, one.what);
        const auto own = base != nullptr ? bytes_of(*base) : std::nullopt;
        if (one.who.is_peer() || !own || *value < much * std::max(1.0, *own)) continue;
        models.push_back(fmt::format("{} {} ({} one loop's)", name_of(one.who), size_text(*value),
                                     times(*value / std::max(1.0, *own))));
    }
    if (!loops.empty())
        made.sentences.push_back(fmt::format("A connection takes {}.", listed(loops)));
    if (!models.empty()) made.sentences.push_back(fmt::format("Much more: {}.", listed(models)));
    if (!made.sentences.empty()) made.title += ", " + name_of(where->what);
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
    std::vector<std::pair<std::string, std::vector<std::string>>> told;  // by what went wrong
    for (const cell& one : what.cells) {
        for (const measured& round : one.rounds) {
            if (round.is_sound()) continue;
            auto known = std::find_if(told.begin(), told.end(), [&](const auto& each) {
                return each.first == round.trouble;
            });
            if (known == told.end()) known = told.insert(told.end(), {round.trouble, {}});
            auto& names = known->second;
            if (std::find(names.begin(), names.end(), name_of(one.who)) == names.end())
                names.push_back(name_of(one.who));
        }
    }
    for (const auto& [trouble, names] : told) {
        const bool ends = trouble.ends_with('.');
        made.sentences.push_back(fmt::format("{}: {}{}", listed(names), trouble, ends ? "" : "."));
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
