#include "load_classes.hpp"

#include <fmt/format.h>

#include <set>

#include "../common/number_text.hpp"

namespace nightjar::app::lab {
namespace {

class classifier {
public:
    explicit classifier(const record& what) : loads_(what.loads()) {
        for (const load& one : loads_) {
            if (!one.is_plain()) continue;
            connections_.insert(one.connections);
            sizes_.insert(one.size);
            inflight_.insert(one.inflight);
        }
    }

    std::vector<load_class> classes() {
        if (!connections_.empty()) add_plain();
        for (const load& one : loads_) {
            if (one.think_ms != 0) add("Idle connections", one);
            if (one.work_us != 0) add("Heavy handlers", one);
        }
        return std::move(made_);
    }

private:
    void add_plain() {
        const unsigned few = *connections_.begin(), many = *connections_.rbegin();
        const unsigned middle =
            *std::next(connections_.begin(), static_cast<std::ptrdiff_t>(connections_.size() / 2));
        const unsigned small = *sizes_.begin(), single = *inflight_.begin();
        add_at(few == many ? "Busy connections" : "Few busy connections", few, small, single);
        add_at("Many busy connections", many, small, single);
        if (inflight_.size() > 1)
            add_at("Many messages under way", many, small, *inflight_.rbegin());
        if (sizes_.size() > 1) add_at("Large messages", middle, *sizes_.rbegin(), single);
    }

    void add_at(const char* title, unsigned connections, unsigned size, unsigned inflight) {
        for (const load& one : loads_) {
            if (one.is_plain() && one.connections == connections && one.size == size &&
                one.inflight == inflight)
                add(title, one);
        }
    }

    void add(const char* title, const load& what) {
        const bool is_known = std::any_of(made_.begin(), made_.end(),
                                          [&](const load_class& one) { return one.what == what; });
        if (!is_known) made_.push_back({title, what});
    }

    const std::vector<load> loads_;
    std::set<unsigned> connections_, sizes_, inflight_;
    std::vector<load_class> made_;
};

}  // namespace

std::vector<load_class> classes_of(const record& what) { return classifier(what).classes(); }

std::vector<standing> ranked(const record& what, const load& under, double measured::*figure,
                             const std::function<bool(const candidate&)>& counts) {
    std::vector<standing> made;
    for (const cell& one : what.cells) {
        if (one.what != under || !counts(one.who)) continue;
        if (const auto value = spread_of(one, figure)) made.push_back({&one, *value});
    }
    std::stable_sort(made.begin(), made.end(), [](const standing& a, const standing& b) {
        return a.value.median < b.value.median;
    });
    return made;
}

std::vector<standing> ranked_models(const record& what, const load& under,
                                    const std::string& engine, double measured::*figure) {
    const cell* base = what.one_loop(engine, under);
    return ranked(what, under, figure, [&](const candidate& who) {
        const bool is_other_loop = who.model == "single" && base != nullptr && !(who == base->who);
        return who.engine == engine && !who.is_peer() && !is_other_loop;
    });
}

std::size_t leaders(const std::vector<standing>& ranking) noexcept {
    std::size_t count = 0;
    while (count < ranking.size() && is_alike(ranking.front().value, ranking[count].value)) ++count;
    return count;
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

std::string times(double ratio) {
    return fmt::format("{} times", grouped(ratio, ratio < 10 ? 2 : 0));
}

}  // namespace nightjar::app::lab
