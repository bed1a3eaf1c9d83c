#include "record.hpp"

#include <fmt/format.h>

#include "../common/number_text.hpp"

namespace nightjar::app::lab {
namespace {

template <class Value, class Of>
std::vector<Value> distinct(const std::vector<cell>& cells, Of&& of) {
    std::vector<Value> seen;
    for (const cell& one : cells) {
        if (std::find(seen.begin(), seen.end(), of(one)) == seen.end()) seen.push_back(of(one));
    }
    return seen;
}

std::string inflight_text(const load& what) {
    if (what.inflight == 1) return "one at a time";
    return fmt::format("{} {}", what.inflight, what.separate ? "in a write each" : "in one write");
}

}  // namespace

std::string name_of(const candidate& who) {
    if (who.is_peer())
        return fmt::format("{} {}", who.engine == "epoll" ? "bare" : "plain", who.engine);
    std::string text = fmt::format("{}, {}", who.engine, who.model);
    if (who.on_all) return text + " on all processors";
    if (who.workers == 1 || who.has_process_per_connection()) return text;
    return fmt::format("{} × {}", text, who.workers);
}

std::string name_of(const load& what) {
    std::string text =
        fmt::format("{} connection{}, {} bytes, {}", grouped(what.connections),
                    what.connections == 1 ? "" : "s", grouped(what.size), inflight_text(what));
    if (what.think_ms != 0) text += fmt::format(", {} ms of thought", grouped(what.think_ms));
    if (what.work_us != 0) text += fmt::format(", {} µs of work each", grouped(what.work_us));
    return text;
}

std::vector<load> record::loads() const {
    return distinct<load>(cells, [](const cell& one) { return one.what; });
}

std::vector<candidate> record::candidates() const {
    return distinct<candidate>(cells, [](const cell& one) { return one.who; });
}

}  // namespace nightjar::app::lab
