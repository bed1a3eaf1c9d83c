#include "table.hpp"

#include <fmt/format.h>

#include "../common/number_text.hpp"
#include "statistics.hpp"

namespace nightjar::app::lab {
namespace {

std::string median_text(const std::optional<spread>& value, std::string (*to_text)(double)) {
    return value ? to_text(value->median) : std::string();
}

std::string whole(double value) { return grouped(value); }
std::string tenths(double value) { return fmt::format("{:.2f}", value); }
std::string time_of_us(double us) { return time_text(us * 1e3); }

std::string load_text(const cell& one) {
    const auto share = spread_of(one, &measured::client_share);
    return share ? fmt::format("{:.2f}{}", share->median, one.is_shared ? "*" : "") : std::string();
}

/// Of a cell some of whose rounds failed, the figures are of the others.
std::string trouble_of(const cell& one) {
    std::size_t failed = 0;
    std::string first;
    for (const measured& round : one.rounds) {
        if (round.is_sound()) continue;
        if (failed++ == 0) first = round.trouble;
    }
    if (failed == 0 || failed == one.rounds.size()) return first;
    return fmt::format("{} of {} rounds failed: {}", failed, one.rounds.size(), first);
}

row row_of(const cell& one, const cell* base) {
    row made{.who = one.who, .name = name_of(one.who), .trouble = trouble_of(one)};
    const auto cost = spread_of(one, &measured::cpu_us);
    if (!cost) return made;
    const auto ratio = base != nullptr ? ratio_of(one, *base, &measured::cpu_us) : std::nullopt;
    made.cells = {text_of(*cost),
                  median_text(ratio, tenths),
                  median_text(spread_of(one, &measured::messages_per_s), whole),
                  median_text(spread_of(one, &measured::p50_us), time_of_us),
                  median_text(spread_of(one, &measured::p99_us), time_of_us),
                  median_text(spread_of(one, &measured::p999_us), time_of_us),
                  median_text(spread_of(one, &measured::cpu_share), tenths),
                  load_text(one),
                  median_text(spread_of(one, &measured::bytes_per_connection), whole),
                  median_text(spread_of(one, &measured::unfairness), tenths)};
    return made;
}

}  // namespace

std::string text_of(const spread& value) {
    if (value.low == value.high) return precise(value.median);
    return fmt::format("{} ({} … {})", precise(value.median), precise(value.low),
                       precise(value.high));
}

std::vector<table> tables_of(const record& what) {
    std::vector<table> made;
    for (const load& each : what.loads()) {
        table one{.what = each, .rows = {}};
        const cell* base = nullptr;
        for (const cell& here : what.cells) {
            if (here.what != each) continue;
            if (base == nullptr && spread_of(here, &measured::cpu_us)) base = &here;
            one.rows.push_back(row_of(here, base));
        }
        made.push_back(std::move(one));
    }
    return made;
}

}  // namespace nightjar::app::lab
