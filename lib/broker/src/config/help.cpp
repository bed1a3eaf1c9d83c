#include <fmt/format.h>
#include <algorithm>
#include <nightjar/broker/config/options.hpp>
#include <nightjar/broker/config/report.hpp>

// The manual, twice: for a terminal and as Markdown. Both walk the table in its own order.

namespace nightjar::broker::config {

namespace {

constexpr std::string_view preface =
    "A line is a name, a blank and a value. A # at the beginning of a line makes it a comment. "
    "Options of listeners "
    "belong to the listener line above them. SIGHUP reads the file again: clients that connect "
    "from then on find the new options of their listener, and all others hold at once.";

/// `text` in lines of at most `width` columns, each after `indent` blanks.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out, line;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto next = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && indent + line.size() + 1 + next.size() > width) {
            out += std::string(indent, ' ') + line + '\n';
            line.clear();
        }
        line += (line.empty() ? "" : " ") + std::string(next);
    }
    return out + std::string(indent, ' ') + line + '\n';
}

/// "warning, notice" for what is written on several lines.
std::string preset_text(const option& of) {
    auto text = default_value(of);
    for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at))
        text.replace(at, 1, ", ");
    return text;
}

std::string value_sentence(const option& of) {
    const auto preset = preset_text(of);
    auto said = fmt::format("{}; {}", describe(of.where), expected(of));
    if (!preset.empty()) said += fmt::format("; default {}", preset);
    return said + (of.needs_restart ? "; a change takes a restart." : ".");
}

std::string fine_sentence(const option& of) {
    return of.fine.empty() ? std::string() : fmt::format(" The value {} is fine.", of.fine);
}

struct chapter {
    status of;
    std::string_view title;
    std::string_view about;
};
constexpr chapter others[] = {
    {status::harmless, "Accepted without effect", "These give a warning, for the reason stated."},
    {status::unsupported, "Not supported",
     "These stop the start. What to do instead stands beside them."},
};

/// A pipe would end a table's cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
}

}  // namespace

std::string help_text() {
    constexpr std::size_t width = 80;
    std::string out = wrap(preface, 0, width);
    for (const option& one : options()) {
        if (one.what != status::works) continue;
        out += fmt::format("\n{}\n", one.name) + wrap(value_sentence(one), 4, width) +
               wrap(one.help, 4, width);
    }
    for (const chapter& part : others) {
        out += fmt::format("\n{}\n", part.title) + wrap(part.about, 0, width);
        for (const option& one : options()) {
            if (one.what != part.of) continue;
            out += fmt::format("\n{}\n", one.name) +
                   wrap(std::string(one.help) + '.' + fine_sentence(one), 4, width);
        }
    }
    return out;
}

std::string help_markdown() {
    std::string out = fmt::format("# Configuration\n\n{}\n\n## Options\n", preface);
    for (const option& one : options()) {
        if (one.what != status::works) continue;
        out += fmt::format("\n### {}\n\n{}\n\n{} Since {}.\n", one.name, one.help,
                           value_sentence(one), one.since);
    }
    for (const chapter& part : others) {
        out +=
            fmt::format("\n## {}\n\n{}\n\n| option | scope | what to know |\n| --- | --- | --- |\n",
                        part.title, part.about);
        for (const option& one : options()) {
            if (one.what != part.of) continue;
            out += fmt::format("| `{}` | {} | {}.{} |\n", one.name, describe(one.where),
                               cell(one.help), fine_sentence(one));
        }
    }
    return out;
}

}  // namespace nightjar::broker::config
