#pragma once
// The command line of `nightjar echo`.

#include <nightjar/io/models.hpp>

#include <optional>
#include <span>

namespace nightjar::app {

struct echo_flags {
    io::model_options how;
    duration work{};  ///< Processor time for each message.
};

/// The exit code where the command line says all, or nothing that makes sense; else nothing.
std::optional<int> read_flags(std::span<char* const> arguments, echo_flags& wanted);

}  // namespace nightjar::app
