#pragma once
// An MQTT broker as a value: one worker per loop that it is given. It starts no thread, opens no
// log and installs no signal handler; whoever holds it runs the loops.

#include <nightjar/base/result.hpp>
#include <nightjar/io/loop.hpp>

#include <nightjar/broker/config/config.hpp>
#include <nightjar/broker/log_sink.hpp>
#include <nightjar/broker/memory_meter.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nightjar::broker {

/// What a worker counts, or the sum over all workers; named as $SYS/broker names it.
struct statistics {
    std::uint64_t clients_connected = 0;
    std::uint64_t clients_disconnected = 0;  ///< Kept sessions without a connection.
    std::uint64_t clients_expired = 0;
    std::uint64_t sockets = 0;            ///< Connections accepted.
    std::uint64_t connects = 0;           ///< CONNECT packets accepted.
    std::uint64_t messages_received = 0;  ///< Packets of any type.
    std::uint64_t messages_sent = 0;
    std::uint64_t publish_received = 0;
    std::uint64_t publish_sent = 0;
    std::uint64_t publish_dropped = 0;
    std::uint64_t publish_bytes_received = 0;  ///< Payload.
    std::uint64_t publish_bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t queued = 0;  ///< Messages that wait for room or for their client.
    std::uint64_t queued_bytes = 0;
    std::uint64_t output_bytes = 0;  ///< Waiting for the network.
    std::uint64_t output_publishes = 0;
    std::uint64_t subscriptions = 0;
    std::uint64_t shared_subscriptions = 0;
    std::uint64_t retained_refused = 0;  ///< At max_retained_messages.
    std::uint64_t letters_sent = 0;      ///< Messages to other workers.
    std::uint64_t refused = 0;           ///< Connections.
    /// Of `publish_dropped`, what a limit of a subscriber's cost it, by limit.
    struct losses {
        std::uint64_t queue_messages = 0;  ///< max_queued_messages
        std::uint64_t queue_bytes = 0;     ///< max_queued_bytes
        std::uint64_t slow_reader = 0;     ///< max_outgoing_buffer_bytes
        std::uint64_t packet_size = 0;     ///< The client's own Maximum Packet Size.
        std::uint64_t memory = 0;          ///< memory_limit
    } lost;
};

/// Which listener could not be opened, and why: a sentence for a human, with what to do.
struct open_failure {
    std::size_t listener = 0;  ///< In the configuration's order.
    std::string sentence;
};

class broker {
public:
    /// What it runs on. All of it outlives the broker.
    struct ground {
        std::span<io::loop* const> loops;  ///< One per worker, 1 to 64.
        log_sink* log = nullptr;
        std::uint64_t seed = 0;                ///< For client identifiers that it makes up.
        const memory_meter* memory = nullptr;  ///< Needed for a memory_limit.
    };
    /// Before the loops run.
    broker(broker_config how, const ground& on);
    ~broker();

    /// Opens all listeners on this worker's loop, on that loop's thread. Worker 0 first: it learns
    /// the ports that the kernel chose for port 0 and opens what only one worker can (Unix
    /// sockets). On failure `why` says which listener and why.
    result<> open(unsigned worker, open_failure* why = nullptr);
    /// Where it listens, in the order of the configuration. After open(0).
    const std::vector<io::endpoint>& addresses() const noexcept;

    /// Takes what config::merge() made of the running configuration and a new one: its listeners
    /// are those of before, in their order. Connections keep the rules of their listener that they
    /// came in with; all else holds from each worker's next turn on. By one thread; before
    /// shut_down().
    void reconfigure(const broker_config& how);
    /// Logs this worker's subscriptions as notices: a line per filter, sorted, with client ids and
    /// QoS; 100,000 filters at most. On that loop's thread.
    void log_subscriptions(unsigned worker);

    /// Ends one worker's part: no new connections, and all wills are published. Once all workers
    /// were told to end, and have what the others published (or a second later), each client is
    /// told (0x8B) and closed. On that loop's thread.
    void shut_down(unsigned worker);
    /// All connections of this worker are closed. On that loop's thread.
    bool is_quiet(unsigned worker) const;

    /// From any thread.
    statistics count() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace nightjar::broker
