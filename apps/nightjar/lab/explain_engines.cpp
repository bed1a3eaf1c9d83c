#include <fmt/format.h>

#include "../common/number_text.hpp"
#include "explain_parts.hpp"

namespace nightjar::app::lab {
namespace {

/// "epoll, libuv and libevent 1.05, 1.2 and 1.4 times that"; empty if all lead.
std::string followers(const std::vector<standing>& ranking, std::size_t from) {
    std::vector<std::string> words;
    for (std::size_t i = from; i < ranking.size(); ++i) {
        const auto ratio = ratio_of(*ranking[i].of, *ranking.front().of, &measured::cpu_us);
        if (ratio)
            words.push_back(fmt::format("{} {}", ranking[i].of->who.engine, times(ratio->median)));
    }
    return words.empty() ? std::string() : fmt::format("; {} that", listed(words));
}

std::string sentence_of(const load_class& where, const std::vector<standing>& ranking) {
    const std::size_t ahead = leaders(ranking);
    std::vector<std::string> names, costs;
    for (std::size_t i = 0; i < ahead; ++i) {
        names.push_back(ranking[i].of->who.engine);
        costs.push_back(precise(ranking[i].value.median));
    }
    const std::string verdict =
        ahead == 1 ? fmt::format("{} takes the least processor time, {} µs per message", names[0],
                                 costs[0])
                   : fmt::format(
                         "{} take the least processor time, {} µs per message, and differ by no "
                         "more than the rounds do",
                         listed(names), listed(costs));
    return fmt::format("{} ({}): {}{}.", where.title, name_of(where.what), verdict,
                       followers(ranking, ahead));
}

/// Ours by the plain program on the same library.
std::string beside_peers(const record& what, const load& under,
                         const std::vector<standing>& ranking) {
    std::vector<std::string> words;
    for (const standing& one : ranking) {
        const std::string library = one.of->who.engine == "io_uring" ? "epoll" : one.of->who.engine;
        const cell* peer = what.find({library, std::string(bare), 1}, under);
        const auto ratio =
            peer != nullptr ? ratio_of(*one.of, *peer, &measured::cpu_us) : std::nullopt;
        if (ratio)
            words.push_back(fmt::format("{} {} of {}", one.of->who.engine, times(ratio->median),
                                        name_of(peer->who)));
    }
    return words.empty() ? std::string()
                         : fmt::format("Beside programs on the plain library: {}.", listed(words));
}

}  // namespace

paragraph about_engines(const record& what) {
    paragraph made{.title = "Engines, under one loop", .sentences = {}};
    for (const load_class& one : classes_of(what)) {
        if (one.what.work_us != 0) continue;  // what a handler computes hides the engine
        const auto ranking = ranked(what, one.what, &measured::cpu_us, is_plain_single);
        if (ranking.size() > 1) made.sentences.push_back(sentence_of(one, ranking));
        if (auto beside = beside_peers(what, one.what, ranking); !beside.empty())
            made.sentences.push_back(ranking.size() > 1
                                         ? std::move(beside)
                                         : fmt::format("{}: {}", name_of(one.what), beside));
    }
    return made;
}

}  // namespace nightjar::app::lab
