#pragma once
// The loads of a run by what a user would call them, and who stands where under each.

#include "statistics.hpp"

#include <functional>
#include <string>
#include <vector>

namespace nightjar::app::lab {

struct load_class {
    std::string title;  ///< "Few busy connections", "Heavy handlers", …
    load what;
};

/// Of the loads that the run has: few and many busy connections, many messages under way, large
/// messages, idle connections, heavy handlers. Each load once, under the first title that fits.
std::vector<load_class> classes_of(const record& what);

struct standing {
    const cell* of;
    spread value;
};

/// Those of a load's cells that `counts` takes and that have sound rounds, the smallest median
/// first.
std::vector<standing> ranked(const record& what, const load& under, double measured::*figure,
                             const std::function<bool(const candidate&)>& counts);

/// How many from the front cannot be told from the first.
std::size_t leaders(const std::vector<standing>& ranking) noexcept;

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& words);

/// "1.31 times".
std::string times(double ratio);

/// One loop with a processor of its own: what engines are compared by.
inline bool is_plain_single(const candidate& who) { return who.model == "single" && !who.on_all; }

/// The models of one engine that had the same processors as its `record::one_loop()`.
std::vector<standing> ranked_models(const record& what, const load& under,
                                    const std::string& engine, double measured::*figure);

}  // namespace nightjar::app::lab
