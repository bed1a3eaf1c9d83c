#pragma once
// What the pages of measured figures share: a style sheet, cards, and a document that refers to
// nothing outside of it.

#include <string>
#include <string_view>

namespace nightjar::app {

/// As text of HTML, and as a quoted attribute.
std::string escaped(std::string_view text);

/// A number and what it is; both are HTML already.
std::string tile(const std::string& value, const std::string& what);

/// A card with a plot; all three are HTML already.
std::string figure_of(const std::string& title, const std::string& says, const std::string& svg);

struct document {
    std::string title, says;  ///< Plain text.
    std::string body;         ///< HTML, made of classes of the style sheet.
};
std::string to_document(const document& what);

}  // namespace nightjar::app
