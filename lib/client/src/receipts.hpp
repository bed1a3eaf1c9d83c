#pragma once
// Messages that were delivered and wait for the application to say that they may be acknowledged.

#include <nightjar/base/result.hpp>
#include <nightjar/client/events.hpp>

#include <deque>
#include <optional>

namespace nightjar::client {

class receipt_book {
public:
    struct entry {
        receipt name = 0;
        mqtt::packet_id id = 0;
        mqtt::qos level{};
        mqtt::reason code{};
        bool is_settled = false;  ///< The application said so.
        bool is_stale = false;    ///< The connection that it came on is gone.
    };

    receipt add(mqtt::packet_id id, mqtt::qos level);
    /// `invalid`: not open. What is stale is closed by it: nothing can be sent for it.
    result<> settle(receipt which, mqtt::reason code);
    /// The next acknowledgement that may leave, in the order of coming; drops it. [MQTT-5 4.6.0-2]
    std::optional<entry> take_ready();
    /// The server sent a QoS 2 message again. true: the application has not yet settled it, so that
    /// it waits on. false: it is to be acknowledged at once.
    bool revive(mqtt::packet_id id);

    void connection_lost();
    /// No identifier means anything any more.
    void session_lost() noexcept;
    std::size_t size() const noexcept { return open_.size(); }

private:
    /// Stale ones that the application never settles; beyond, the oldest is forgotten.
    static constexpr std::size_t stale_max = 65536;

    std::deque<entry> open_;
    receipt last_ = 0;
};

}  // namespace nightjar::client
