#pragma once
// Where the broker's log lines go.

#include <nightjar/broker/config/config.hpp>

#include <string_view>

namespace nightjar::broker {

class log_sink {
public:
    virtual ~log_sink() = default;
    /// One event in one line, without time and newline. From any worker's thread; must not block
    /// for long.
    virtual void write(log_config::type what, std::string_view line) noexcept = 0;
};

}  // namespace nightjar::broker
