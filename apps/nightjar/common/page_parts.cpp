#include "page_parts.hpp"

#include <fmt/format.h>

namespace nightjar::app {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #fff; --ink: #1d2126; --faint: #6a7178;
        --line: #e3e5e4; --first: #1f6f8b; --second: #c2571a; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171a; --card: #1c2024; --ink: #e6e8ea; --faint: #99a1a8;
          --line: #30363c; --first: #5bb5d3; --second: #f0955a; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 20px 16px 40px; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 8px; }
header p { margin: 4px 0 16px; color: var(--faint); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(330px, 100%), 1fr)); gap: 12px;
         margin: 12px 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px;
        margin: 0; min-width: 0; }
.tiles b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.tiles span, figcaption small { color: var(--faint); font-size: 0.85rem; }
figcaption { margin-bottom: 6px; font-weight: 600; }
figcaption small { display: block; font-weight: 400; }
svg { display: block; width: 100%; height: auto; max-width: 620px; margin: 0 auto; }
.label { fill: var(--faint); font-size: 10.5px; font-family: system-ui, sans-serif;
         paint-order: stroke; stroke: var(--card); stroke-width: 2.5px; }
.axis { stroke: var(--faint); }
.grid { stroke: var(--line); }
.mark { stroke: var(--second); stroke-dasharray: 3 3; }
.bar { fill: var(--first); }
.other { fill: var(--second); }
.s0, .s1 { fill: none; stroke: var(--first); stroke-width: 2; stroke-linejoin: round; }
.s1 { stroke: var(--second); }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
td { padding: 4px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
td + td { text-align: right; padding-left: 12px; font-variant-numeric: tabular-nums; }
tr:first-child td { border-top: 0; }
th { text-align: right; font-weight: 400; color: var(--faint); padding: 4px 0 4px 12px; }
th:first-child { text-align: left; padding-left: 0; }
.wide { overflow-x: auto; margin: 12px 0; }
.wide td { white-space: nowrap; overflow-wrap: normal; }
.wide td.said { text-align: left; white-space: normal; }
main > h2 { margin: 20px 0 8px; }
h3 { font-size: 0.95rem; margin: 12px 0 4px; }
ul { margin: 0; padding-left: 20px; }
)";

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char one : text) {
        switch (one) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            default: safe += one;
        }
    }
    return safe;
}

std::string tile(const std::string& value, const std::string& what) {
    return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n", value, what);
}

std::string figure_of(const std::string& title, const std::string& says, const std::string& svg) {
    return fmt::format(
        "<figure class=\"card\"><figcaption>{}<small>{}</small></figcaption>\n{}</figure>\n", title,
        says, svg);
}

std::string to_document(const document& what) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n"
        "<header><h1>{0}</h1><p>{2}</p></header>\n{3}</main>\n</body>\n</html>\n",
        escaped(what.title), style, escaped(what.says), what.body);
}

}  // namespace nightjar::app
