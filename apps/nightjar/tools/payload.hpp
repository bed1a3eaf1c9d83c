#pragma once
// The payload of -m, -n, -f and -s.

#include <optional>
#include <string>

#include "settings.hpp"

namespace nightjar::app {

/// Reads the file or the standard input where that is what was asked for. Nullopt: it could not be
/// had, and that was said.
std::optional<std::string> load_payload(const settings& how);

}  // namespace nightjar::app
