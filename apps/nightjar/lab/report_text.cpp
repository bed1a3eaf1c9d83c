#include <fmt/format.h>

#include "aims.hpp"
#include "explain.hpp"
#include "machine.hpp"
#include "report.hpp"
#include "table.hpp"

namespace nightjar::app::lab {
namespace {

constexpr std::string_view begin_mark = "<!-- lab: begin -->\n";
constexpr std::string_view end_mark = "<!-- lab: end -->\n";

/// Characters, not bytes; none of ours is wider than one.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char one) {
        return (static_cast<unsigned char>(one) & 0xc0) != 0x80;
    }));
}

std::string padded(std::string_view text, std::size_t width, bool to_the_left) {
    const std::string room(width - std::min(width, width_of(text)), ' ');
    return to_the_left ? std::string(text) + room : room + std::string(text);
}

bool is_used(const table& of, std::size_t index) {
    return std::any_of(of.rows.begin(), of.rows.end(),
                       [&](const row& one) { return !one.cells[index].empty(); });
}

std::string text_of(const table& of) {
    std::size_t name_width = 0;
    for (const row& one : of.rows) name_width = std::max(name_width, width_of(one.name));
    std::string head = std::string(name_width + 2, ' ');
    std::vector<std::string> lines;
    for (const row& one : of.rows) lines.push_back("  " + padded(one.name, name_width, true));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!is_used(of, i)) continue;
        std::size_t width = width_of(columns[i].name);
        for (const row& one : of.rows) width = std::max(width, width_of(one.cells[i]));
        head += "  " + padded(columns[i].name, width, false);
        for (std::size_t k = 0; k < of.rows.size(); ++k) {
            if (!of.rows[k].cells[0].empty())
                lines[k] += "  " + padded(of.rows[k].cells[i], width, false);
        }
    }
    std::string text = fmt::format("{}\n{}\n", name_of(of.what), head);
    for (std::size_t k = 0; k < of.rows.size(); ++k) {
        if (!of.rows[k].trouble.empty()) lines[k] += "  " + of.rows[k].trouble;
        text += lines[k] + "\n";
    }
    return text + "\n";
}

std::string markdown_of(const table& of) {
    std::string text = fmt::format("### {}\n\n|", name_of(of.what));
    std::string line = "| --- |";
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!is_used(of, i)) continue;
        text += fmt::format(" | {}", columns[i].name);
        line += " --- |";
    }
    text += " |\n" + line + "\n";
    for (const row& one : of.rows) {
        text += fmt::format("| {}", one.name);
        if (one.cells[0].empty()) {
            text += fmt::format(" | **failed**: {} |\n", one.trouble);
            continue;
        }
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (is_used(of, i))
                text += fmt::format(" | {}", one.cells[i].empty() ? "–" : one.cells[i]);
        }
        text += " |\n";
    }
    return text + "\n";
}

std::string rounds_of(const record& what) {
    return fmt::format(
        "{} round{} in which the servers took turns, {:g} s measured in each turn "
        "after {:g} s of warm-up",
        what.rounds, what.rounds == 1 ? "" : "s", what.seconds, what.warmup_s);
}

std::string legend() {
    std::string text;
    for (const column& one : columns) text += fmt::format("  {:<16}{}\n", one.name, one.says);
    return text;
}

std::string ratio_text(const aim& one) { return lab::text_of(one.ratio); }

}  // namespace

std::string to_text(const record& what) {
    std::string text = fmt::format("{}\n{}\n", sentence_of(what.where), rounds_of(what));
    for (const std::string& note : what.notes) text += fmt::format("not measured: {}\n", note);
    text += "\n" + legend() + "\n";
    for (const table& one : tables_of(what)) text += text_of(one);
    const auto aims = judge(what);
    if (!aims.empty()) text += "Aims\n";
    for (const aim& one : aims) {
        text += fmt::format("  {:<7} {:<22} {}; {}\n", one.is_met() ? "met" : "missed",
                            ratio_text(one), one.says, name_of(one.where));
    }
    return text;
}

std::string to_markdown(const record& what) {
    std::string text = fmt::format("- {}\n- {}\n", sentence_of(what.where), rounds_of(what));
    for (const std::string& note : what.notes) text += fmt::format("- Not measured: {}\n", note);
    text += "\n";
    for (const table& one : tables_of(what)) text += markdown_of(one);
    const auto aims = judge(what);
    if (!aims.empty()) text += "### Aims\n\n| aim | load | ratio | |\n| --- | --- | --- | --- |\n";
    for (const aim& one : aims) {
        text += fmt::format("| {} | {} | {} | {} |\n", one.says, name_of(one.where),
                            ratio_text(one), one.is_met() ? "met" : "**missed**");
    }
    text += "\n### In words\n\n";
    for (const paragraph& one : explain(what)) {
        text += fmt::format("**{}**\n\n", one.title);
        for (const std::string& sentence : one.sentences) text += fmt::format("- {}\n", sentence);
        text += "\n";
    }
    return text;
}

std::optional<std::string> between_marks(const std::string& page, const std::string& text) {
    const std::size_t begin = page.find(begin_mark);
    if (begin == std::string::npos) return std::nullopt;
    const std::size_t from = begin + begin_mark.size();
    const std::size_t to = page.find(end_mark, from);
    if (to == std::string::npos) return std::nullopt;
    return page.substr(0, from) + text + page.substr(to);
}

}  // namespace nightjar::app::lab
