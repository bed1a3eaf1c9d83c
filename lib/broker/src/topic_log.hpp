#pragma once
// `log_dest topic`: each log line as a message below $SYS/broker/log/, beside wherever else it
// goes.

#include <nightjar/broker/log_sink.hpp>
#include <nightjar/io/loop.hpp>

#include <atomic>

namespace nightjar::broker {

class worker;

/// Hands lines on to another sink and, while it is on, has them published by one worker, on that
/// worker's loop. Lines from before publish_on() are handed on only. Never publishes debug lines:
/// to publish one would be worth another.
class topic_log final : public log_sink {
public:
    explicit topic_log(log_sink& next) noexcept : next_(next) {}

    /// Before the loop runs, or on its thread. The worker outlives the loop's last turn.
    void publish_on(worker& by) noexcept { by_ = &by; }
    /// Any thread.
    void turn(bool on) noexcept { is_on_.store(on, std::memory_order_relaxed); }

    void write(log_config::type what, std::string_view line) noexcept override;
    void write_about(log_config::type what, std::string_view line,
                     const log_subject& about) noexcept override;

private:
    void publish(log_config::type what, std::string_view line, const log_subject& about);

    log_sink& next_;
    worker* by_ = nullptr;
    std::atomic<bool> is_on_{false};
};

}  // namespace nightjar::broker
