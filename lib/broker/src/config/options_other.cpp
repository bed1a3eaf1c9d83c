#include <array>

#include "field.hpp"

// Mosquitto's options that protect nothing by themselves: what they would change is said, or why
// they change nothing.

namespace nightjar::broker::config {

namespace {

constexpr std::string_view in_memory =
    "sessions live in memory in this version; say \"persistence false\"";
constexpr std::string_view no_database =
    "sessions live in memory in this version, so nothing is written";
constexpr std::string_view no_buffers = "buffers follow the packets here";

constexpr auto rows = std::to_array<option>({
    unsupported("persistence", scope::global, in_memory, "false"),
    unsupported("retained_persistence", scope::global, in_memory, "false"),
    harmless("persistence_file", scope::global, no_database),
    harmless("persistence_location", scope::global, no_database),
    harmless("autosave", scope::global, no_database),
    harmless("autosave_interval", scope::global, no_database),
    harmless("autosave_on_changes", scope::global, no_database),
    harmless("store_clean_interval", scope::global,
             "messages are freed when the last client has them"),
    harmless("retry_interval", scope::global,
             "messages are sent again when a client returns, never on a timer"),
    harmless("trace_level", scope::global,
             "there is no tracing to adjust; log_type debug says the most"),
    harmless("websockets_log_level", scope::global, "there is no WebSocket listener to log about"),
    harmless("websockets_headers_size", scope::global, no_buffers),
    harmless("packet_buffer_size", scope::global, no_buffers),
    unsupported("enable_control_api", scope::global,
                "the $CONTROL topics do not exist; say \"enable_control_api false\"", "false"),
    unsupported("mptcp", scope::listener, "there is no Multipath TCP; remove the line", "false"),
    unsupported("http_dir", scope::listener,
                "let a web server serve these files, and remove the line"),
});

}  // namespace

std::span<const option> other_options() { return rows; }

}  // namespace nightjar::broker::config
