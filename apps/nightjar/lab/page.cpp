#include <fmt/format.h>

#include "../common/number_text.hpp"
#include "../common/page_parts.hpp"
#include "../common/plot.hpp"
#include "aims.hpp"
#include "explain.hpp"
#include "machine.hpp"
#include "report.hpp"
#include "table.hpp"

namespace nightjar::app::lab {
namespace {

std::string plot_of(const record& what, const load& under, double measured::*figure,
                    const std::string& unit) {
    row_plot plot{.title = escaped(name_of(under)), .unit = unit, .rows = {}};
    for (const cell& one : what.cells) {
        if (one.what != under) continue;
        if (const auto value = spread_of(one, figure)) {
            plot.rows.push_back({.name = escaped(name_of(one.who)),
                                 .low = value->low,
                                 .middle = value->median,
                                 .high = value->high,
                                 .is_other = one.who.is_peer()});
        }
    }
    return to_svg(plot);
}

std::string row_of(const row& one) {
    std::string html = fmt::format("<tr><td>{}</td>", escaped(one.name));
    if (one.cells[0].empty()) {
        return html + fmt::format("<td class=\"said\" colspan=\"{}\">{}</td></tr>\n",
                                  columns.size(), escaped(one.trouble));
    }
    for (const std::string& cell : one.cells) html += fmt::format("<td>{}</td>", escaped(cell));
    return html + "</tr>\n";
}

std::string table_of(const table& of) {
    std::string html = "<div class=\"card wide\"><table>\n<tr><th></th>";
    for (const column& one : columns)
        html += fmt::format("<th title=\"{}\">{}</th>", escaped(one.says), escaped(one.name));
    html += "</tr>\n";
    for (const row& one : of.rows) html += row_of(one);
    return html + "</table></div>\n";
}

std::string section_of(const record& what, const table& of) {
    return fmt::format("<h2>{}</h2>\n<section class=\"plots\">\n{}{}</section>\n{}",
                       escaped(name_of(of.what)),
                       figure_of("Processor time per message",
                                 "of the server; the line is what the rounds moved between",
                                 plot_of(what, of.what, &measured::cpu_us, "µs")),
                       figure_of("Messages per second", "that came back, by the clock on the wall",
                                 plot_of(what, of.what, &measured::messages_per_s, "messages/s")),
                       table_of(of));
}

std::string aims_of(const record& what) {
    const auto aims = judge(what);
    if (aims.empty()) return {};
    std::string html = "<h2>Aims</h2>\n<div class=\"card wide\"><table>\n";
    for (const aim& one : aims) {
        html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            escaped(one.says), escaped(name_of(one.where)),
                            escaped(text_of(one.ratio)), one.is_met() ? "met" : "<b>missed</b>");
    }
    return html + "</table></div>\n";
}

std::string words_of(const record& what) {
    std::string html = "<h2>In words</h2>\n<div class=\"card\">\n";
    for (const paragraph& one : explain(what)) {
        html += fmt::format("<h3>{}</h3>\n<ul>\n", escaped(one.title));
        for (const std::string& sentence : one.sentences)
            html += fmt::format("<li>{}</li>\n", escaped(sentence));
        html += "</ul>\n";
    }
    return html + "</div>\n";
}

std::string tiles_of(const record& what) {
    const auto aims = judge(what);
    const auto met =
        std::count_if(aims.begin(), aims.end(), [](const aim& one) { return one.is_met(); });
    return fmt::format("<section class=\"tiles\">\n{}{}{}{}</section>\n",
                       tile(grouped(static_cast<double>(what.candidates().size())), "servers"),
                       tile(grouped(static_cast<double>(what.loads().size())), "loads"),
                       tile(grouped(what.rounds), what.rounds == 1 ? "round" : "rounds"),
                       tile(fmt::format("{} of {}", met, aims.size()), "aims met"));
}

}  // namespace

std::string to_page(const record& what) {
    std::string body = tiles_of(what) + words_of(what) + aims_of(what);
    for (const table& one : tables_of(what)) body += section_of(what, one);
    return to_document({.title = "nightjar lab",
                        .says = sentence_of(what.where) +
                                fmt::format("; {:g} s measured in each turn", what.seconds),
                        .body = std::move(body)});
}

}  // namespace nightjar::app::lab
