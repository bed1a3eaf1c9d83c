#pragma once
// A run for a reader at a terminal, for a page of the documentation, and as a page with plots.

#include "record.hpp"

#include <string>

namespace nightjar::app::lab {

std::string to_text(const record& what);

/// Headings of the third level, and tables.
std::string to_markdown(const record& what);

/// A whole HTML document that refers to nothing outside of it.
std::string to_page(const record& what);

/// `page` with what stands between its marks replaced. nullopt: it has no such marks.
std::optional<std::string> between_marks(const std::string& page, const std::string& text);

}  // namespace nightjar::app::lab
