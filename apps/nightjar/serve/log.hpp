#pragma once
// The broker's log lines on stdout, stderr, a file and syslog, with Mosquitto's time stamp in
// front.

#include <nightjar/base/result.hpp>
#include <nightjar/broker/log_sink.hpp>

#include <spdlog/logger.h>

#include <memory>

namespace nightjar::app {

class log final : public broker::log_sink {
public:
    /// Opens what the configuration names. Fails where the file cannot be opened.
    static result<std::unique_ptr<log>> open(const broker::log_config& how);

    void write(broker::log_config::type what, std::string_view line) noexcept override;
    void flush() noexcept;

private:
    log(std::shared_ptr<spdlog::logger> to, std::uint32_t types) noexcept
        : to_(std::move(to)), types_(types) {}
    std::shared_ptr<spdlog::logger> to_;
    std::uint32_t types_;  // what log_type asks for
};

}  // namespace nightjar::app
