#pragma once
// One event, one line. The broker says what happened; where the lines go is the program's business.

#include <nightjar/broker/log_sink.hpp>

#include <fmt/format.h>

#include <atomic>

namespace nightjar::broker {

/// `line` with control characters written as \x0a, so that no client can end a line or steer a
/// terminal. C1 controls, as UTF-8 has them, count. O(line).
std::string printable(std::string line);

/// Formats only what somebody wants to read. Safe on every worker's thread if the sink is.
class event_log {
public:
    event_log(log_sink& to, std::uint32_t types) noexcept : to_(to), types_(types) {}

    bool wants(log_config::type what) const noexcept {
        return (types_.load(std::memory_order_relaxed) & what) != 0;
    }
    void set_types(std::uint32_t types) noexcept { types_.store(types, std::memory_order_relaxed); }

    template <class... Args>
    void operator()(log_config::type what, fmt::format_string<Args...> line, Args&&... args) {
        if (wants(what)) to_.write(what, printable(fmt::format(line, std::forward<Args>(args)...)));
    }
    /// The same with what it is about.
    template <class... Args>
    void about(const log_subject& whom, log_config::type what, fmt::format_string<Args...> line,
               Args&&... args) {
        if (!wants(what)) return;
        to_.write_about(what, printable(fmt::format(line, std::forward<Args>(args)...)), whom);
    }

private:
    log_sink& to_;
    std::atomic<std::uint32_t> types_;
};

}  // namespace nightjar::broker
