#pragma once
// What main() knows of a subcommand.

#include <span>
#include <string_view>

namespace nightjar::app {

struct subcommand {
    std::string_view name;
    std::string_view summary;
    /// `arguments[0]` is the subcommand's name. Returns the exit code: 0, or 2 for a command line
    /// that makes no sense.
    int (*run)(std::span<char* const> arguments);
};

int serve(std::span<char* const> arguments);
int publish(std::span<char* const> arguments);
int subscribe(std::span<char* const> arguments);
int request(std::span<char* const> arguments);
int bench(std::span<char* const> arguments);
int echo(std::span<char* const> arguments);
int lab_main(std::span<char* const> arguments);

}  // namespace nightjar::app
