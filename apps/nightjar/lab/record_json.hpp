#pragma once
// A run as one JSON object, and back.

#include "record.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace nightjar::app::lab {

/// docs/benchmarks.md lists the keys.
nlohmann::ordered_json to_json(const record& what);

/// What to_json() made. nullopt: it is none of that; `trouble` says what is wrong with it.
std::optional<record> from_json(std::string_view text, std::string& trouble);

}  // namespace nightjar::app::lab
