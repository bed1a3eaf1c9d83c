#pragma once
// Where the broker's log lines go.

#include <nightjar/broker/config/config.hpp>

#include <string>
#include <string_view>

namespace nightjar::broker {

/// What a line is about, for sinks that keep it apart from the words. Empty: not known, or nothing
/// of that kind.
struct log_subject {
    std::string_view client;    ///< The client id.
    std::string_view address;   ///< The peer's.
    std::string_view listener;  ///< As the configuration names it: "1883 127.0.0.1".
    std::string_view reason;
};

class log_sink {
public:
    virtual ~log_sink() = default;
    /// One event in one line, without time and newline. From any worker's thread; must not block
    /// for long.
    virtual void write(log_config::type what, std::string_view line) noexcept = 0;
    /// The same line, and what it is about; the views live during the call.
    virtual void write_about(log_config::type what, std::string_view line,
                             const log_subject& about) noexcept {
        (void)about;
        write(what, line);
    }
    /// The line as it reads where it is read, with the time in front: what `log_dest topic`
    /// publishes. A sink without a clock has nothing to add. Any thread.
    virtual std::string complete(log_config::type what, std::string_view line,
                                 const log_subject& about) const {
        (void)what, (void)about;
        return std::string(line);
    }
};

}  // namespace nightjar::broker
