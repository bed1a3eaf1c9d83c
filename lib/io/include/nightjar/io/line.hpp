#pragma once
// A stream with its outbox: for programs that want to say something and be done. What does not fit
// the socket waits here, bounded; while it waits in bulk, the line stops reading, so that a peer
// that only talks cannot fill it.

#include <nightjar/io/loop.hpp>
#include <nightjar/io/outbox.hpp>
#include <nightjar/io/outlet.hpp>

namespace nightjar::io {

class line : public outlet, private receiver, private flusher {
public:
    line(loop& on, chunk_pool& pool, std::uint32_t out_max) noexcept
        : on_(on), out_(pool, out_max) {}
    line(const line&) = delete;
    line& operator=(const line&) = delete;

    /// Sent at the end of the turn with all else; in bulk (32 KiB) already now.
    bool write(bytes_view what) noexcept override;
    std::size_t room() const noexcept override;
    void close() noexcept override;
    void drop() noexcept override;
    bool is_open() const noexcept override { return stream_ != nullptr && !closing_; }

    endpoint peer() const noexcept override {
        return stream_ != nullptr ? stream_->peer() : endpoint{};
    }
    endpoint local() const noexcept override {
        return stream_ != nullptr ? stream_->local() : endpoint{};
    }

protected:
    ~line() = default;

    void open(stream& fresh) noexcept;
    /// Independent of the pause for a full outbox.
    void hold_input(bool held) noexcept;
    /// What was written and has not left yet.
    std::size_t waiting() const noexcept { return out_.bytes(); }

    virtual void on_bytes(bytes lent) noexcept = 0;
    /// What waited has left.
    virtual void on_room() noexcept {}
    /// Once and last; may destroy the line.
    virtual void on_gone(error why) noexcept = 0;

private:
    void on_data(bytes lent) noexcept final { on_bytes(lent); }
    void on_written(std::size_t n) noexcept final;
    void on_closed(error why) noexcept final;
    void flush() noexcept final;
    void hand_over() noexcept;
    void send() noexcept;
    void steer() noexcept;

    loop& on_;
    outbox out_;
    stream* stream_ = nullptr;
    bool writing_ = false;
    bool closing_ = false;
    bool held_ = false;  // by hold_input()
    bool full_ = false;  // from half of out_max until all has left
    bool paused_ = false;
};

}  // namespace nightjar::io
