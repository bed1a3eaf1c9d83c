#pragma once
// Lets every server of a plan have its turn under its loads, round by round.

#include "interruption.hpp"
#include "options.hpp"
#include "record.hpp"

namespace nightjar::app::lab {

/// Blocks for as long as that takes. A server that does not start, or breaks, is a cell whose
/// rounds say so. nullopt: somebody interrupted; all servers have been ended.
std::optional<record> run(const run_options& how, const interruption& interrupted);

}  // namespace nightjar::app::lab
