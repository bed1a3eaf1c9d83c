// --help and --version.
#include <fmt/format.h>

#include <array>

#include "flags.hpp"

namespace nightjar::app {
namespace {

struct about {
    tool which;
    std::string_view name, does, usage;
};

constexpr std::array abouts{
    about{tool::pub, "pub", "publishes a message and exits",
          "-t TOPIC {-m TEXT | -f FILE | -l | -n | -s}"},
    about{tool::sub, "sub", "prints the messages it subscribes to", "-t FILTER..."},
    about{tool::rr, "rr", "publishes a request and prints the response",
          "-t TOPIC -e RESPONSE-TOPIC {-m TEXT | -f FILE | -n | -s}"}};

const about& about_of(tool which) noexcept {
    for (const about& one : abouts)
        if (one.which == which) return one;
    return abouts.front();
}

std::array<flag_group, 7> groups() noexcept {
    return {{{"Message", message_flags()},
             {"Subscription", subscription_flags()},
             {"Output", output_flags()},
             {"Connection", connection_flags()},
             {"Session", session_flags()},
             {"Will", will_flags()},
             {"The tool", general_flags()}}};
}

bool is_for(const flag& one, tool which) noexcept {
    return (static_cast<unsigned>(one.whose) & static_cast<unsigned>(which)) != 0;
}

void print_flag(const flag& one) {
    std::string left = fmt::format("{}{}{}", one.brief,
                                   !one.brief.empty() && !one.name.empty() ? ", " : "", one.name);
    if (!one.value.empty()) left += fmt::format(" <{}>", one.value);
    constexpr std::size_t column = 34;
    if (left.size() >= column)
        fmt::print("  {}\n  {:<34} {}\n", left, "", one.help);
    else
        fmt::print("  {:<34} {}\n", left, one.help);
}

void print_group(const flag_group& group, tool which) {
    bool is_first = true;
    for (const flag& one : group.flags) {
        if (!is_for(one, which)) continue;
        if (is_first) fmt::print("\n{}\n", group.title);
        is_first = false;
        print_flag(one);
    }
}

}  // namespace

std::string_view name_of(tool which) noexcept { return about_of(which).name; }

void print_help(tool which) {
    const about& one = about_of(which);
    fmt::print("nightjar {}: {}\n\nUsage: nightjar {} {} [OPTIONS]\n", one.name, one.does, one.name,
               one.usage);
    for (const flag_group& group : groups()) print_group(group, which);
    fmt::print(
        "\nThe flags of mosquitto_{} for TLS, WebSocket and proxies are not available yet.\n",
        one.name);
    const std::string file = defaults_file(which);
    if (!file.empty()) fmt::print("Without -o, flags are read from {} if there is one.\n", file);
}

}  // namespace nightjar::app
