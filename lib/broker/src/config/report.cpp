#include <fmt/format.h>
#include <algorithm>
#include <nightjar/broker/config/options.hpp>
#include <nightjar/broker/config/report.hpp>

namespace nightjar::broker::config {

namespace {

std::string count(std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

/// One line of a configuration for each part of what the option shows.
void add_lines(std::string& to, const option& one, const view& from) {
    const std::string all = one.show(from);
    for (std::string_view rest = all; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        to += fmt::format("{} {}\n", one.name, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

/// The options of listeners only, or all others only.
void add_scope(std::string& to, bool of_listeners, const view& from) {
    for (const option& one : options()) {
        const bool is_listeners = one.where == scope::listener || one.where == scope::security;
        if (one.show && is_listeners == of_listeners) add_lines(to, one, from);
    }
}

std::string listener_line(const listener_config& of) {
    if (of.port == 0) return fmt::format("listener 0 {}\n", of.unix_path);
    return fmt::format("listener {}{}{}\n", of.port, of.address.empty() ? "" : " ", of.address);
}

}  // namespace

std::string format(const diagnostic& one) {
    std::string out = one.file.empty() ? "command line" : one.file;
    if (one.line != 0) out += fmt::format(":{}", one.line);
    out += one.how == severity::warning ? ": warning: " : ": ";
    if (!one.option.empty()) out += one.option + ": ";
    return out + one.message;
}

std::string listener_name(const listener_config& of) {
    if (of.port == 0 && !of.unix_path.empty()) return fmt::format("0 {}", of.unix_path);
    std::string name = fmt::format("{}", of.port);
    if (!of.address.empty()) name += ' ' + of.address;
    return of.interface.empty() ? name : name + " on " + of.interface;
}

std::string check_report(const loaded& what, std::string_view name) {
    std::string out;
    std::size_t errors = 0;
    for (const diagnostic& one : what.diagnostics) {
        out += format(one) + '\n';
        errors += one.how == severity::error ? 1 : 0;
    }
    const auto warnings = what.diagnostics.size() - errors;
    const auto verdict = errors == 0 ? "ok" : "not usable";
    return out + fmt::format("{}: {}: {}, {}\n", name, verdict, count(errors, "error"),
                             count(warnings, "warning"));
}

std::string render(const broker_config& value) {
    std::string out;
    if (!value.loopback_only) out += "per_listener_settings true\n";
    add_scope(out, false, {value, value.listeners.front()});
    if (value.loopback_only) {
        add_scope(out, true, {value, value.listeners.front()});
        return out;
    }
    for (const listener_config& one : value.listeners) {
        out += '\n' + listener_line(one);
        add_scope(out, true, {value, one});
    }
    return out;
}

}  // namespace nightjar::broker::config
