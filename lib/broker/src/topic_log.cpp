#include "topic_log.hpp"

#include <string>

#include "worker/worker.hpp"

namespace nightjar::broker {
namespace {

/// Mosquitto's names; null for what is not published.
const char* topic_of(log_config::type what) noexcept {
    switch (what) {
        case log_config::error: return "$SYS/broker/log/E";
        case log_config::warning: return "$SYS/broker/log/W";
        case log_config::notice: return "$SYS/broker/log/N";
        case log_config::information: return "$SYS/broker/log/I";
        case log_config::subscribe: return "$SYS/broker/log/M/subscribe";
        case log_config::unsubscribe: return "$SYS/broker/log/M/unsubscribe";
        case log_config::websockets: return "$SYS/broker/log/WS";
        case log_config::debug:
        case log_config::all: return nullptr;
    }
    return nullptr;
}

}  // namespace

void topic_log::write(log_config::type what, std::string_view line) noexcept {
    next_.write(what, line);
    publish(what, line, {});
}

void topic_log::write_about(log_config::type what, std::string_view line,
                            const log_subject& about) noexcept {
    next_.write_about(what, line, about);
    publish(what, line, about);
}

void topic_log::publish(log_config::type what, std::string_view line, const log_subject& about) {
    const char* topic = topic_of(what);
    if (!is_on_.load(std::memory_order_relaxed) || !by_ || !topic) return;
    by_->shared().loop.post([by = by_, topic, text = next_.complete(what, line, about)] {
        (void)by->messages().publish({.topic = topic,
                                      .payload = as_bytes(text),
                                      .accepted = by->shared().loop.now(),
                                      .worker = static_cast<std::uint16_t>(by->shared().index)});
    });
}

}  // namespace nightjar::broker
