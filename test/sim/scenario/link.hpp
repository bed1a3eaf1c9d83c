#pragma once
// One connection of a simulated client: packets out, packets in. An abandoned one stays open and
// says nothing more, as a process that has lost track of a socket.

#include <nightjar/io/stream.hpp>
#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>

#include <array>
#include <deque>
#include <vector>

namespace nightjar::sim {

class link;

class link_owner {
public:
    /// May abandon or end the link.
    virtual void on_packet(const mqtt::packet& what) = 0;
    virtual void on_nonsense(mqtt::reason why) = 0;
    virtual void on_lost(error why) = 0;

protected:
    ~link_owner() = default;
};

class link final : public io::receiver {
public:
    link(io::stream& on, mqtt::version v, link_owner& whose) noexcept
        : stream_(&on), version_(v), owner_(&whose) {
        on.attach(*this);
    }

    void say(const mqtt::packet& what);
    /// After what was said has left.
    void end_politely();
    void end_rudely();
    void abandon() noexcept;
    /// Reads no more until told otherwise.
    void hold(bool is_held) noexcept;
    bool is_over() const noexcept { return stream_ == nullptr; }

private:
    void on_data(bytes lent) noexcept override;
    void on_written(std::size_t n) noexcept override;
    void on_closed(error why) noexcept override;
    void flush();
    void drop(std::size_t n);

    io::stream* stream_;
    mqtt::version version_;
    link_owner* owner_;
    std::vector<byte> in_;
    std::deque<std::vector<byte>> out_;
    std::size_t offset_ = 0;
    bool writing_ = false, ending_ = false;
};

}  // namespace nightjar::sim
