#pragma once
// `log_dest topic`: each log line as a message below $SYS/broker/log/, beside wherever else it
// goes.

#include <nightjar/broker/log_sink.hpp>
#include <nightjar/io/loop.hpp>

namespace nightjar::broker {

class worker;

/// Hands lines on to another sink and has them published by one worker, on that worker's loop.
/// Lines from before publish_on() are handed on only.
class topic_log final : public log_sink {
public:
    explicit topic_log(log_sink& next) noexcept : next_(next) {}

    /// Before the loop runs, or on its thread. The worker outlives the loop's last turn.
    void publish_on(worker& by) noexcept { by_ = &by; }
    void write(log_config::type what, std::string_view line) noexcept override;

private:
    log_sink& next_;
    worker* by_ = nullptr;
};

}  // namespace nightjar::broker
