#include "log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <fcntl.h>
#include <syslog.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace nightjar::app {
namespace {

using broker::log_config;
using level = spdlog::level::level_enum;

level level_of(log_config::type what) noexcept {
    switch (what) {
        case log_config::error: return level::err;
        case log_config::warning: return level::warn;
        case log_config::debug: return level::debug;
        case log_config::notice:
        case log_config::information:
        case log_config::subscribe:
        case log_config::unsubscribe:
        case log_config::websockets:
        case log_config::all: return level::info;
    }
    return level::info;
}

/// A time stamp as strftime writes it.
class strftime_flag final : public spdlog::custom_flag_formatter {
public:
    explicit strftime_flag(std::string format) : format_(std::move(format)) {}
    void format(const spdlog::details::log_msg&, const std::tm& when,
                spdlog::memory_buf_t& to) override {
        char text[1024];
        const std::size_t size = std::strftime(text, sizeof text, format_.c_str(), &when);
        to.append(text, text + size);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<strftime_flag>(format_);
    }

private:
    std::string format_;
};

/// syslog(3). Unlike spdlog's own this one may be replaced by another while the process goes on.
class syslog_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit syslog_sink(int facility) : facility_(facility) {
        ::openlog("nightjar", LOG_PID, LOG_DAEMON);
    }

private:
    void sink_it_(const spdlog::details::log_msg& line) override {
        ::syslog(facility_ | priority_of(line.level), "%.*s", static_cast<int>(line.payload.size()),
                 line.payload.data());
    }
    void flush_() override {}
    static int priority_of(spdlog::level::level_enum of) noexcept {
        if (of == spdlog::level::err) return LOG_ERR;
        if (of == spdlog::level::warn) return LOG_WARNING;
        return of == spdlog::level::debug ? LOG_DEBUG : LOG_NOTICE;
    }
    int facility_;
};

int facility_of(const log_config& how) noexcept {
    return how.facility < 0 ? LOG_DAEMON : ((LOG_LOCAL0 >> 3) + how.facility) << 3;
}

/// Whether the file can be written, which is made if need be. spdlog would make folders as well,
/// and would not say what is wrong.
result<> probe(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0) return fail(error{error::system, errno});
    ::close(file);
    return {};
}

std::unique_ptr<spdlog::formatter> formatter_for(const log_config& how) {
    auto made = std::make_unique<spdlog::pattern_formatter>();
    if (!how.timestamp || how.format == log_config::format_kind::json)
        made->set_pattern("%v");
    else if (how.timestamp_format.empty())
        made->set_pattern("%E: %v");
    else
        made->add_flag<strftime_flag>('*', how.timestamp_format).set_pattern("%*: %v");
    return made;
}

/// As the configuration wants it; else seconds since 1970, or for JSON ISO 8601 with milliseconds.
std::string time_text(const log_config& how) {
    if (!how.timestamp) return {};
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm when{};
    char text[1024];
    if (!how.timestamp_format.empty()) {
        ::localtime_r(&seconds, &when);
        return {text, std::strftime(text, sizeof text, how.timestamp_format.c_str(), &when)};
    }
    if (how.format == log_config::format_kind::text) return fmt::format("{}", seconds);
    ::gmtime_r(&seconds, &when);
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &when);
    const auto since = now.time_since_epoch();
    const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(since).count() % 1000;
    return fmt::format("{}.{:03}Z", std::string_view(text, size), part);
}

}  // namespace

result<std::shared_ptr<const log::state>> log::make(const log_config& how) {
    std::vector<spdlog::sink_ptr> sinks;
    if (how.to_stdout) sinks.push_back(std::make_shared<spdlog::sinks::stdout_sink_mt>());
    if (how.to_stderr) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (how.to_syslog) sinks.push_back(std::make_shared<syslog_sink>(facility_of(how)));
    if (!how.file.empty()) {
        if (auto writable = probe(how.file); !writable) return fail(writable.error());
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(how.file));
        } catch (const spdlog::spdlog_ex&) {
            return fail(error::system);
        }
    }
    for (auto& one : sinks) one->set_formatter(formatter_for(how));
    auto to = std::make_shared<spdlog::logger>("nightjar", sinks.begin(), sinks.end());
    to->set_level(level::debug);
    to->flush_on(level::debug);
    return std::make_shared<const state>(state{how, std::move(to)});
}

result<std::unique_ptr<log>> log::open(const log_config& how) {
    auto made = make(how);
    if (!made) return fail(made.error());
    return std::unique_ptr<log>(new log(std::move(*made)));
}

result<> log::change(const log_config& how) {
    auto made = make(how);
    if (!made) return fail(made.error());
    const std::lock_guard lock(mutex_);
    state_ = std::move(*made);
    return {};
}

std::shared_ptr<const log::state> log::now() const noexcept {
    const std::lock_guard lock(mutex_);
    return state_;
}

void log::write(log_config::type what, std::string_view line) noexcept {
    write_about(what, line, {});
}

std::string log::complete(log_config::type what, std::string_view line,
                          const broker::log_subject& about) const {
    const auto is = now();
    const std::string time = time_text(is->how);
    if (is->how.format == log_config::format_kind::json) return json_line(time, what, line, about);
    return time.empty() ? std::string(line) : fmt::format("{}: {}", time, line);
}

void log::write_about(log_config::type what, std::string_view line,
                      const broker::log_subject& about) noexcept {
    const auto is = now();
    if ((is->how.types & what) == 0) return;
    if (is->how.format == log_config::format_kind::text) return is->to->log(level_of(what), line);
    is->to->log(level_of(what), json_line(time_text(is->how), what, line, about));
}

}  // namespace nightjar::app
