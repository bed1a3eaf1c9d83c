#pragma once
// What a run found, in words: every sentence comes from the figures of that run, and none is said
// where they were not measured.

#include "record.hpp"

#include <string>
#include <vector>

namespace nightjar::app::lab {

struct paragraph {
    std::string title;
    std::vector<std::string> sentences;
};

std::vector<paragraph> explain(const record& what);

/// As text for a terminal.
std::string to_text(const std::vector<paragraph>& what);

}  // namespace nightjar::app::lab
