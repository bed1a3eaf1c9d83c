#pragma once
// What the tables of flags are written with.

#include <nightjar/mqtt/topic.hpp>

#include <fmt/format.h>

#include "flags.hpp"

namespace nightjar::app {

/// A flag without an argument.
template <auto which, auto value = true>
trouble set(settings& s, std::string_view, argument_list&) {
    s.*which = value;
    return {};
}

/// A flag whose argument is kept as it is.
template <auto which>
trouble keep(settings& s, std::string_view value, argument_list&) {
    s.*which = value;
    return {};
}

/// The same for a member of the client's options.
template <auto which>
trouble keep_how(settings& s, std::string_view value, argument_list&) {
    s.how.*which = value;
    return {};
}

/// Text of the standard: UTF-8, and no longer than two bytes of length can say. [MQTT-5 1.5.4]
inline trouble bad_text(std::string_view flag, std::string_view value) {
    if (value.size() > 65535)
        return usage_error{fmt::format("The {} argument is longer than 65535 bytes.", flag)};
    if (!mqtt::is_utf8(value))
        return usage_error{fmt::format("Malformed UTF-8 in {} argument.", flag)};
    return {};
}

}  // namespace nightjar::app
