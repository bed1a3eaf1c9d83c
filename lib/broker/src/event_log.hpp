#pragma once
// One event, one line. The broker says what happened; where the lines go is the program's business.

#include <nightjar/broker/log_sink.hpp>

#include <fmt/format.h>

namespace nightjar::broker {

/// Formats only what somebody wants to read. Safe on every worker's thread if the sink is.
class event_log {
public:
    event_log(log_sink& to, std::uint32_t types) noexcept : to_(to), types_(types) {}

    bool wants(log_config::type what) const noexcept { return (types_ & what) != 0; }

    template <class... Args>
    void operator()(log_config::type what, fmt::format_string<Args...> line, Args&&... args) {
        if (wants(what)) to_.write(what, fmt::format(line, std::forward<Args>(args)...));
    }

private:
    log_sink& to_;
    std::uint32_t types_;
};

}  // namespace nightjar::broker
