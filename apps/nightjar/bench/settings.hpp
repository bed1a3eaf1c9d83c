#pragma once
// What was asked for, in the words of a report.

#include "options.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace nightjar::app::benchmark {

/// The settings that the scenario has, in JSON's own types; keys as the command line's long options
/// where there is one.
nlohmann::ordered_json settings_of(const options& how);

/// "64 publishers, 64 subscribers, QoS 1, 64 bytes, MQTT 3.1.1, 16 under way each".
std::string sentence_of(const options& how);

}  // namespace nightjar::app::benchmark
