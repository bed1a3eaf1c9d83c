#include "log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>

#include <vector>

namespace nightjar::app {
namespace {

using broker::log_config;

spdlog::level::level_enum level_of(log_config::type what) noexcept {
    switch (what) {
        case log_config::error: return spdlog::level::err;
        case log_config::warning: return spdlog::level::warn;
        case log_config::debug: return spdlog::level::debug;
        case log_config::notice:
        case log_config::information:
        case log_config::subscribe:
        case log_config::unsubscribe:
        case log_config::websockets:
        case log_config::all: return spdlog::level::info;
    }
    return spdlog::level::info;
}

/// A time stamp as strftime writes it.
class strftime_flag final : public spdlog::custom_flag_formatter {
public:
    explicit strftime_flag(std::string format) : format_(std::move(format)) {}
    void format(const spdlog::details::log_msg&, const std::tm& when,
                spdlog::memory_buf_t& to) override {
        char text[128];
        const std::size_t size = std::strftime(text, sizeof text, format_.c_str(), &when);
        to.append(text, text + size);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<strftime_flag>(format_);
    }

private:
    std::string format_;
};

std::unique_ptr<spdlog::formatter> formatter_for(const log_config& how) {
    auto made = std::make_unique<spdlog::pattern_formatter>();
    if (!how.timestamp)
        made->set_pattern("%v");
    else if (how.timestamp_format.empty())
        made->set_pattern("%E: %v");
    else
        made->add_flag<strftime_flag>('*', how.timestamp_format).set_pattern("%*: %v");
    return made;
}

}  // namespace

result<std::unique_ptr<log>> log::open(const log_config& how) {
    std::vector<spdlog::sink_ptr> sinks;
    if (how.to_stdout) sinks.push_back(std::make_shared<spdlog::sinks::stdout_sink_mt>());
    if (how.to_stderr) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    for (auto& one : sinks) one->set_formatter(formatter_for(how));
    if (!how.file.empty()) {
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(how.file));
            sinks.back()->set_formatter(formatter_for(how));
        } catch (const spdlog::spdlog_ex&) {
            return fail(error::denied);
        }
    }
    if (how.to_syslog) {
        sinks.push_back(
            std::make_shared<spdlog::sinks::syslog_sink_mt>("nightjar", 0, LOG_DAEMON, true));
        sinks.back()->set_pattern("%v");
    }
    auto to = std::make_shared<spdlog::logger>("nightjar", sinks.begin(), sinks.end());
    to->set_level(spdlog::level::debug);
    to->flush_on(spdlog::level::debug);
    return std::unique_ptr<log>(new log(std::move(to), how.types));
}

void log::write(broker::log_config::type what, std::string_view line) noexcept {
    if ((types_ & what) != 0) to_->log(level_of(what), line);
}

void log::flush() noexcept { to_->flush(); }

}  // namespace nightjar::app
