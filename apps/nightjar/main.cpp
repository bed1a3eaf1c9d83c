// nightjar: one program, one subcommand per job.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "subcommand.hpp"

namespace nightjar::app {
namespace {

constexpr auto subcommands = std::to_array<subcommand>({
    {"serve", "run the broker", serve},
#ifdef NIGHTJAR_HAS_tools
    {"pub", "publish messages, with mosquitto_pub's flags", publish},
    {"sub", "print messages, with mosquitto_sub's flags", subscribe},
    {"rr", "publish a request and print the response, with mosquitto_rr's flags", request},
#endif
#ifdef NIGHTJAR_HAS_bench
    {"bench", "load a broker and measure it", bench},
#endif
#ifdef NIGHTJAR_HAS_echo
    {"echo", "send back what is sent, on any loop and under any multi-core model", echo},
#endif
#ifdef NIGHTJAR_HAS_lab
    {"lab", "compare loops and ways to use the processors", lab_main},
#endif
});

void print_usage(std::FILE* to) {
    fmt::print(
        to, "nightjar {}: an MQTT broker and its tools\n\nUsage: nightjar SUBCOMMAND [OPTIONS]\n\n",
        NIGHTJAR_VERSION);
    for (const subcommand& one : subcommands) fmt::print(to, "  {:<8} {}\n", one.name, one.summary);
    fmt::print(to, "\n`nightjar SUBCOMMAND --help` lists the options of one.\n");
}

int run(int count, char** arguments) {
    const std::string_view name = count > 1 ? arguments[1] : "";
    if (name == "--help" || name == "-h" || name == "help") return print_usage(stdout), 0;
    if (name == "--version") return fmt::print("nightjar {}\n", NIGHTJAR_VERSION), 0;
    const auto found = std::find_if(subcommands.begin(), subcommands.end(),
                                    [&](const subcommand& one) { return one.name == name; });
    if (found != subcommands.end())
        return found->run({arguments + 1, static_cast<std::size_t>(count - 1)});
    if (!name.empty()) fmt::print(stderr, "nightjar: there is no subcommand \"{}\".\n\n", name);
    print_usage(stderr);
    return 2;
}

}  // namespace
}  // namespace nightjar::app

int main(int count, char** arguments) { return nightjar::app::run(count, arguments); }
