#pragma once
// What the configuration's tests share: reading a text, and asking what was said about it.

#include <gtest/gtest.h>

#include <algorithm>
#include <nightjar/broker/config/load.hpp>
#include <nightjar/broker/config/options.hpp>
#include <nightjar/broker/config/report.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::broker::config {

inline loaded read(std::string_view text, std::vector<setting> command_line = {}) {
    return parse(text, "t.conf", {}, command_line);
}

inline std::size_t count(const loaded& of, severity how) {
    return static_cast<std::size_t>(
        std::count_if(of.diagnostics.begin(), of.diagnostics.end(),
                      [&](const diagnostic& one) { return one.how == how; }));
}

/// The value of a text that must be without errors.
inline broker_config value_of(std::string_view text) {
    const auto made = read(text);
    EXPECT_TRUE(made.ok()) << check_report(made, "t.conf");
    return made.value;
}

/// The only error of a text that must have exactly one, as it is printed.
inline std::string error_of(std::string_view text) {
    const auto made = read(text);
    EXPECT_EQ(count(made, severity::error), 1u) << text << '\n' << check_report(made, "t.conf");
    for (const diagnostic& one : made.diagnostics) {
        if (one.how == severity::error) return format(one);
    }
    return {};
}

/// The first warning, as it is printed; the one about listeners that nobody can use is left out.
inline std::string warning_of(std::string_view text) {
    for (const diagnostic& one : read(text).diagnostics) {
        if (one.how == severity::warning && one.line != 0) return format(one);
    }
    return {};
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

}  // namespace nightjar::broker::config
