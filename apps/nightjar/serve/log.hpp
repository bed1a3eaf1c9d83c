#pragma once
// The broker's log lines on stdout, stderr, a file and syslog: as Mosquitto writes them, or as
// JSON.

#include <nightjar/base/result.hpp>
#include <nightjar/broker/log_sink.hpp>

#include <spdlog/logger.h>

#include <memory>
#include <mutex>

namespace nightjar::app {

/// Any thread.
class log final : public broker::log_sink {
public:
    /// Opens what the configuration names. Fails where the file cannot be opened.
    static result<std::unique_ptr<log>> open(const broker::log_config& how);

    void write(broker::log_config::type what, std::string_view line) noexcept override;
    void write_about(broker::log_config::type what, std::string_view line,
                     const broker::log_subject& about) noexcept override;
    std::string complete(broker::log_config::type what, std::string_view line,
                         const broker::log_subject& about) const override;

    /// Closes all and opens what `how` names instead. If that fails, all stays as it was.
    result<> change(const broker::log_config& how);
    /// The same places again: after somebody has moved the file away.
    result<> reopen() { return change(now()->how); }

private:
    struct state {
        broker::log_config how;
        std::shared_ptr<spdlog::logger> to;
    };
    static result<std::shared_ptr<const state>> make(const broker::log_config& how);
    explicit log(std::shared_ptr<const state> first) noexcept : state_(std::move(first)) {}
    std::shared_ptr<const state> now() const noexcept;

    mutable std::mutex mutex_;  // guards state_, not what it points to
    std::shared_ptr<const state> state_;
};

/// One line of `log_format json`, without newline: {"time": …, "type": …, "message": …, and what is
/// known of client, address, listener and reason}. `time` is left out if empty.
std::string json_line(std::string_view time, broker::log_config::type what, std::string_view line,
                      const broker::log_subject& about);

}  // namespace nightjar::app
