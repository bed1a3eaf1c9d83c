#pragma once
// JSON as mosquitto_sub prints it: members on the way out, and payloads parsed and printed anew.

#include <nightjar/base/bytes.hpp>

#include <string>
#include <string_view>

namespace nightjar::app {

/// Writes values one after the other; knows where commas, tabs and ends of line go.
class json_writer {
public:
    json_writer(std::string& target, bool is_pretty) noexcept
        : out_(target), is_pretty_(is_pretty) {}

    void open_object();
    void close_object();
    void open_array();
    void close_array();
    void name(std::string_view text);
    void text(std::string_view value);
    void number(double value);
    void number(std::uint32_t value);
    void word(std::string_view literal);  ///< true, false, null.

private:
    void begin_value();
    void quote(std::string_view text);
    void line(std::size_t depth);

    std::string& out_;
    std::size_t depth_ = 0;
    bool is_pretty_;
    bool is_first_ = true;     // in its object or array
    bool after_name_ = false;  // the value of a member
};

/// Parses `source` and writes it to `out`. False where it is no JSON; what was written by then is
/// of no use.
bool copy_json(std::string_view source, json_writer& out);

}  // namespace nightjar::app
