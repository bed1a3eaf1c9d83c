#pragma once
// What a run found out, for a reader or for a program.

#include "options.hpp"

#include <string_view>
#include <vector>

namespace nightjar::app::benchmark {

struct figure {
    std::string_view
        name;  ///< Static storage; the key in JSON, its last word the unit where it has one.
    double value;
    int decimals = 0;
};

/// Prints the scenario and its figures to the standard output, in the form that `how` asks for.
void print(const options& how, const std::vector<figure>& figures);

}  // namespace nightjar::app::benchmark
