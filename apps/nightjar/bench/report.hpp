#pragma once
// What a run found out, for a reader, for a program, or as a page with plots.

#include "figure.hpp"
#include "options.hpp"

#include <string>

namespace nightjar::app::benchmark {

/// A summary of a few lines.
std::string to_text(const options& how, const findings& found);

/// One object; docs/benchmarks.md lists its keys.
std::string to_json(const options& how, const findings& found);

/// A whole HTML document that refers to nothing outside of it.
std::string to_page(const options& how, const findings& found);

}  // namespace nightjar::app::benchmark
