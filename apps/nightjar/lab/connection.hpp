#pragma once
// One connection of the load.

#include "pattern.hpp"
#include "record.hpp"

#include "../common/histogram.hpp"

#include <nightjar/io/loop.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::app::lab {

/// What all connections of a client share.
struct crowd {
    io::loop& loop;
    const load& what;
    const pattern& content;
    io::endpoint to;

    unsigned connected = 0, closed = 0;
    std::uint64_t under_way = 0;          ///< Messages that were sent and have not come back.
    std::uint64_t count = 0;              ///< Messages that have.
    bool is_sending = false;              ///< What comes back is answered by the next message.
    bool is_over = false;                 ///< A connection that ends is no fault any more.
    instant from = never, until = never;  ///< The measured part.
    histogram latency{};
    std::string trouble{};

    void fail(std::string why) {
        if (trouble.empty()) trouble = std::move(why);
    }
};

class connection final : private io::receiver, private io::connector {
public:
    connection(crowd& all, unsigned index);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void open();
    /// Sends the first messages: as many as may be under way.
    void begin();
    void close() noexcept;
    bool is_open() const noexcept { return stream_ != nullptr; }

private:
    struct pause : timer {
        explicit pause(connection& whose) noexcept : timer(on_due), owner(whose) {}
        static void on_due(timer& self, instant now) noexcept;
        connection& owner;
    };

    void on_connected(io::stream& fresh) noexcept override;
    void on_connect_failed(error why) noexcept override;
    void on_data(bytes lent) noexcept override;
    void on_written(std::size_t n) noexcept override;
    void on_closed(error why) noexcept override;

    unsigned take_messages(instant now) noexcept;
    void answer(unsigned count, instant now) noexcept;
    void send(unsigned count, instant now) noexcept;
    void push() noexcept;
    std::size_t piece() const noexcept;

    crowd& all_;
    const std::uint64_t start_;  // its place in the pattern
    std::unique_ptr<io::attempt> attempt_;
    io::stream* stream_ = nullptr;
    std::uint64_t asked_ = 0, sent_ = 0, received_ = 0;  // bytes
    std::uint64_t begun_ = 0, done_ = 0;                 // messages
    bool is_writing_ = false;
    unsigned thinking_ = 0;
    pause pause_{*this};
    std::vector<instant> sent_at_;  // a ring of those under way
};

}  // namespace nightjar::app::lab
