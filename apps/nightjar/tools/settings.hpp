#pragma once
// What the command line of `nightjar pub` and `nightjar sub` comes to.

#include <nightjar/client/options.hpp>
#include <nightjar/io/engine.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nightjar::app {

/// Where a published payload comes from.
enum class payload_source : std::uint8_t { none, text, nothing, file, input, input_lines };

struct settings {
    // --- both
    client::options how;
    io::engine_kind engine = io::engine_kind::automatic;
    bool asks_help = false;
    bool is_traced = false;
    bool is_quiet = false;
    bool is_persistent = false;
    bool has_properties = false;
    std::optional<std::string> id_prefix;
    mqtt::qos level{};
    std::vector<std::string> topics;
    std::vector<byte> publish_properties, subscribe_properties, unsubscribe_properties,
        disconnect_properties, will_properties;
    std::optional<std::string> will_topic, will_payload;
    std::optional<mqtt::qos> will_level;
    bool will_retain = false;

    // --- pub
    payload_source source = payload_source::none;
    std::string payload;  ///< Or the name of the file.
    bool retain = false;
    std::uint32_t repeat = 1;
    duration repeat_delay{};

    // --- sub
    std::vector<std::string> filtered_out, unsubscribed;
    std::string format;
    bool has_format = false;
    bool is_verbose = false;
    bool is_pretty = false;
    bool ends_lines = true;
    bool exits_when_subscribed = false;
    bool skips_retained = false;
    bool only_retained = false;
    bool removes_retained = false;
    bool retain_as_published = false;
    double printed_percent = 100.0;
    std::uint32_t count = 0;      ///< 0: no end.
    std::uint32_t timeout_s = 0;  ///< 0: none.
};

}  // namespace nightjar::app
