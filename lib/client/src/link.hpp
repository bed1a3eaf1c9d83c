#pragma once
// One network connection of a client: bytes in, events to the core, packets out. Decides nothing.
//
//      stream ─ on_data ─► read_ahead ─► client_session ─ event ─► core
//      stream ◄─ write ─── outbox ◄───── publish, subscribe, acknowledgements   (flush: once a
//      turn)

#include <nightjar/io/loop.hpp>
#include <nightjar/io/outbox.hpp>
#include <nightjar/io/read_ahead.hpp>
#include <nightjar/io/timeout.hpp>
#include <nightjar/mqtt/client_session.hpp>

#include <memory>

namespace nightjar::client {

class core;

class link final : public io::receiver, public io::flusher {
public:
    link(core& whose, io::loop& on, const mqtt::client_policy& policy,
         mqtt::flows& windows) noexcept;

    void open(io::stream& on) noexcept;
    mqtt::client_session& machine() noexcept { return machine_; }
    const mqtt::client_session& machine() const noexcept { return machine_; }

    /// Something may have been written: it is flushed this turn, and the deadline is watched.
    void note() noexcept;
    /// Enough waits in the output for now.
    bool is_congested() const noexcept { return out_.bytes() >= enough; }
    bool is_written() const noexcept { return out_.empty(); }
    /// Reads no more, sends what is in the output, ends our side and gives the peer `linger` to end
    /// its own, so that a reset does not overtake what we said. Idempotent.
    void finish() noexcept;
    /// The client dies: what is left of the connection takes care of itself.
    static void abandon(std::unique_ptr<link> which) noexcept;

    // --- io
    void on_data(bytes lent) noexcept override;
    void on_written(std::size_t n) noexcept override;
    void on_closed(error why) noexcept override;
    void flush() noexcept override;

private:
    static constexpr std::uint32_t enough = 1024 * 1024;
    static constexpr std::uint32_t out_max = 300 * 1024 * 1024;  // MQTT's largest packet fits
    static constexpr std::size_t chunks_kept = 256 * 1024;
    static constexpr duration linger = 1s;

    std::size_t eat(bytes_view& in);
    bool send() noexcept;
    void drop(std::size_t n) noexcept;
    void shut() noexcept;
    void on_deadline() noexcept;

    core* core_;  // null: abandoned, and its own owner
    io::loop& loop_;
    io::chunk_pool chunks_{chunks_kept};
    io::stream* stream_ = nullptr;
    io::outbox out_{chunks_, out_max};
    mqtt::client_session machine_;
    io::read_ahead held_;
    io::timeout<link, &link::on_deadline> deadline_{*this};
    bool writing_ = false;
    bool finishing_ = false;
    bool shut_ = false;
};

}  // namespace nightjar::client
