#pragma once
// One connection of the load: as little work per packet as can be, so that the broker is what is
// measured. Packets are cut and looked at where they lie; what is to be sent is appended to one
// buffer and written once a turn.

#include "world.hpp"

#include <nightjar/io/read_ahead.hpp>
#include <nightjar/mqtt/decode.hpp>

#include <string>
#include <vector>

namespace nightjar::app::benchmark {

/// 0, which no packet identifier is, where there are no two bytes.
inline std::uint16_t read_u16(bytes_view at) noexcept {
    return at.size() < 2 ? std::uint16_t{} : static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

/// Connects, introduces itself, and answers for the end. The traffic is a derived class's.
/// Must not die before its stream has closed: see close().
class peer : public io::receiver, public io::connector, public io::flusher {
public:
    peer(world& where, std::string client_id) : world_(where), client_id_(std::move(client_id)) {}
    virtual ~peer() = default;

    /// Starts to connect; `world::ready` counts up when all of it is done. `from` may be none.
    void open(const io::endpoint& from);
    void close() noexcept;
    bool is_open() const noexcept { return stream_ != nullptr; }

    void on_connected(io::stream& fresh) noexcept final;
    void on_connect_failed(error why) noexcept final;
    void on_data(bytes lent) noexcept final;
    void on_written(std::size_t n) noexcept final;
    void on_closed(error why) noexcept final;
    void flush() noexcept final;

protected:
    /// The broker has accepted the connection. The default is ready then.
    virtual void on_accepted(const mqtt::connack&) noexcept { be_ready(); }
    /// Eats the whole packets at the front of `in`, by each_packet(); a call per batch.
    virtual std::size_t on_packets(bytes_view& in) noexcept;
    /// The last chance of a turn to append something.
    virtual void refill() noexcept {}
    virtual void on_suback(const mqtt::suback&) noexcept;
    /// The broker has closed the connection after leave(); it may be opened again.
    virtual void on_left() noexcept {}
    /// Says DISCONNECT. The broker closes then, so that all it does for a disconnect has been done
    /// when on_left() comes, and TIME-WAIT does not use up this side's ports.
    void leave() noexcept;

    /// Calls `on(frame)` for each whole packet at the front of `in` and drops it. Returns what
    /// io::read_ahead asks for.
    template <class On>
    std::size_t each_packet(bytes_view& in, On&& on) noexcept {
        const mqtt::limits any;
        while (!in.empty()) {
            const mqtt::cutting cut = mqtt::cut_packet(in, any);
            if (cut.what == mqtt::cut::more) return cut.missing;
            if (cut.what == mqtt::cut::wrong) return complain("sent what is no MQTT packet"), 0;
            in = in.subspan(cut.packet.size);
            on(cut.packet);
            if (!world_.trouble.empty()) return 0;
        }
        return 1;
    }
    /// CONNACK, SUBACK, DISCONNECT; anything else is not expected.
    void on_other(const mqtt::frame& what) noexcept;

    /// Returns where the copy begins, until anything else is appended.
    byte* append(bytes_view packet) {
        pending_.insert(pending_.end(), packet.begin(), packet.end());
        return pending_.data() + pending_.size() - packet.size();
    }
    void append_ack(byte first, mqtt::packet_id id) {
        const byte packet[] = {first, 2, static_cast<byte>(id >> 8), static_cast<byte>(id)};
        append(packet);
    }
    /// `size` bytes more at the end of what is to be sent, to be filled before anything else is
    /// appended.
    byte* append_room(std::size_t size) {
        pending_.resize(pending_.size() + size);
        return pending_.data() + pending_.size() - size;
    }
    void mark() noexcept { world_.loop.mark_dirty(*this); }
    void be_ready() noexcept;
    void complain(std::string_view what) noexcept;

    world& world_;

private:
    void introduce() noexcept;
    void on_connack(const mqtt::frame& what) noexcept;
    void write_flying() noexcept;

    std::string client_id_;
    std::unique_ptr<io::attempt> attempt_;
    io::stream* stream_ = nullptr;
    io::read_ahead cut_;
    std::vector<byte> pending_;  // what the next write takes
    std::vector<byte> flying_;   // what the write in flight has borrowed, from flown_ on
    std::size_t flown_ = 0;
    bool is_leaving_ = false;
};

}  // namespace nightjar::app::benchmark
