#pragma once
// What the command line of `nightjar pub`, `nightjar sub` or `nightjar rr` comes to.

#include <nightjar/client/options.hpp>
#include <nightjar/io/engine.hpp>
#include <nightjar/mqtt/packet.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nightjar::app {

/// Where a published payload comes from.
enum class payload_source : std::uint8_t { none, text, nothing, file, input, input_lines };

/// A payload fills what a packet may hold at most, and a little less for its topic. [MQTT-5 2.1.4]
inline constexpr std::size_t payload_max = 268'435'455;

struct settings {
    settings() { how.version = mqtt::version::v3_1_1; }  // Mosquitto's default, except of rr

    // --- all
    client::options how;
    io::engine_kind engine = io::engine_kind::automatic;
    bool asks_help = false;
    bool asks_version = false;
    bool is_traced = false;
    bool is_quiet = false;
    bool is_persistent = false;
    bool has_properties = false;
    std::optional<std::string> options_file;
    std::optional<std::string> given_id, id_prefix;
    mqtt::qos level{};
    std::vector<std::string> topics;  ///< pub and rr use the last.
    std::vector<byte> publish_properties, subscribe_properties, unsubscribe_properties,
        disconnect_properties, will_properties, auth_properties;
    std::optional<std::string> will_topic, will_payload;
    std::optional<mqtt::qos> will_level;
    bool will_retain = false;

    // --- pub and rr
    payload_source source = payload_source::none;
    std::string payload;  ///< Or the name of the file.

    // --- pub
    bool retain = false;
    std::uint32_t repeat = 1;
    duration repeat_delay{};

    // --- sub and rr
    std::string format;
    bool has_format = false;
    bool is_verbose = false;
    bool is_pretty = false;
    bool ends_lines = true;
    bool skips_retained = false;
    bool retain_as_published = false;
    mqtt::retain_handling retained{};
    std::uint32_t timeout_s = 0;  ///< 0: none.

    // --- sub
    std::vector<std::string> filtered_out, unsubscribed;
    bool exits_when_subscribed = false;
    bool only_retained = false;
    bool removes_retained = false;
    bool is_watched = false;
    bool shows_rate = false;
    double printed_percent = 100.0;
    std::uint32_t count = 0;  ///< 0: no end.

    // --- rr
    std::optional<std::string> response_topic;
    bool shows_latency = false;
};

}  // namespace nightjar::app
