#pragma once
// mosquitto_sub's output formats: %t, %10.3t, %j, @Y, \n … compiled once, applied per message.

#include <nightjar/mqtt/packet.hpp>

#include <ctime>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace nightjar::app {

class output_format {
public:
    /// Unexpected: what is wrong with it, as a sentence.
    static tl::expected<output_format, std::string> compile(std::string_view text);

    /// Appends `what`, received at `when`, to `target`. False: a %J met a payload that is no JSON
    /// and printed nothing.
    bool print(const mqtt::publish& what, timespec when, bool is_pretty, std::string& target) const;

private:
    struct field {
        char what = 0;  ///< The letter behind % or @; 0: `text` as it stands.
        bool is_time = false;
        bool is_left = false;
        bool is_zero = false;
        std::size_t width = 0;
        std::size_t text_max = std::string::npos;
        std::string text;
    };
    class reader;

    static void put_text(const field& how, std::string_view text, std::string& target);
    static void put_number(const field& how, std::optional<std::uint32_t> value,
                           std::string& target);
    static void put_payload(const field& how, bytes_view payload, std::string& target);
    static void put_time(const field& how, timespec when, std::string& target);
    static bool put_json(const field& how, const mqtt::publish& what, timespec when, bool is_pretty,
                         std::string& target);
    static void put_property(const field& how, const mqtt::properties& props, std::string& target);
    static bool put(const field& how, const mqtt::publish& what, timespec when, bool is_pretty,
                    std::string& target);

    std::vector<field> fields_;
};

/// `when` in the local time zone by strftime(3).
std::string time_text(timespec when, const char* format);

}  // namespace nightjar::app
