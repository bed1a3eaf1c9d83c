#pragma once
// What `nightjar sub` and `nightjar rr` print of a message.

#include <nightjar/mqtt/packet.hpp>

#include <string>
#include <unordered_map>

#include "format.hpp"
#include "settings.hpp"

namespace nightjar::app {

class printer {
public:
    /// `how` outlives it, and its format compiles.
    explicit printer(const settings& how);

    /// To the standard output's buffer. False: a %J met a payload that is no JSON; of this message
    /// only the end of line was printed.
    bool print(const mqtt::publish& what);

private:
    bool write(const mqtt::publish& what);
    void go_to_line_of(std::string_view topic);

    const settings& how_;
    output_format format_;
    std::string line_;
    /// --watch: each topic's line. Topics that find no line any more share the last.
    std::unordered_map<std::string, unsigned> lines_;
    unsigned lines_max_ = 0;
};

}  // namespace nightjar::app
