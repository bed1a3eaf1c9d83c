#pragma once
// What a run found out, for a reader or for a program.

#include "figure.hpp"
#include "options.hpp"

namespace nightjar::app::benchmark {

/// Prints the scenario and its figures to the standard output, in the form that `how` asks for.
void print(const options& how, const findings& found);

}  // namespace nightjar::app::benchmark
