#pragma once
// Pipes, FIFOs and whatever else is read and written but is no socket, as streams with the contract
// of stream.hpp. Unlike a socket's, such a stream is owned by its user.

#include <nightjar/io/loop.hpp>
#include <nightjar/io/stream.hpp>

#include <string>

namespace nightjar::io {

struct pipe_ends {
    handle reading;
    handle writing;
};
/// A fresh pipe, close-on-exec. [pipe2(2)]
result<pipe_ends> make_pipe() noexcept;

/// One direction or both. A reader that is gone is heard of by the next write, as `reset`; a writer
/// that is gone is the end of the stream. SIGPIPE does not come from it.
class pipe_stream final : public stream, private flusher {
public:
    /// Either may be empty. The descriptors become non-blocking, for everybody who shares them,
    /// until this lets go of them. `unsupported` for what cannot be waited for, as a regular file.
    static result<std::unique_ptr<pipe_stream>> make(loop& on, handle reading, handle writing);
    /// Opens a FIFO's end. A writer finds `not_found` where no reader is. [fifo(7)]
    static result<std::unique_ptr<pipe_stream>> open_reader(loop& on, const std::string& path);
    static result<std::unique_ptr<pipe_stream>> open_writer(loop& on, const std::string& path);

    /// Closes, and tells nobody. Not from inside on_data, on_written or on_end.
    ~pipe_stream();
    pipe_stream(const pipe_stream&) = delete;
    pipe_stream& operator=(const pipe_stream&) = delete;

    void attach(receiver& who) noexcept override;
    std::size_t write(std::span<const bytes_view> pieces) noexcept override;
    void shutdown() noexcept override;
    void pause() noexcept override;
    void resume() noexcept override;
    void close() noexcept override;
    endpoint peer() const noexcept override { return {}; }
    endpoint local() const noexcept override { return {}; }

    bool is_open() const noexcept { return state_ == state::open; }

private:
    enum class state : std::uint8_t { open, failed, closed, gone };
    /// One descriptor, watched.
    struct end final : watch::watcher {
        end(pipe_stream& its, handle what) noexcept;
        ~end();
        void on_ready(unsigned) noexcept override;
        int descriptor() const noexcept { return static_cast<int>(fd.value()); }

        pipe_stream& its;
        handle fd;
        int flags_before;  // -1: there is none
        std::unique_ptr<watch> seen;
    };

    explicit pipe_stream(loop& on) noexcept : on_(on) {}
    error take(std::unique_ptr<end>& as, handle what);
    void on_readable() noexcept;
    void on_writable() noexcept;
    void on_peer_ended() noexcept;
    void want() noexcept;
    void fail(error why) noexcept;
    void flush() noexcept override;
    void drop() noexcept;

    loop& on_;
    receiver* receiver_ = nullptr;
    std::unique_ptr<end> reading_, writing_;
    error why_;
    state state_ = state::open;
    bool is_paused_ = false;
    bool has_ended_ = false;     // the peer's side
    bool is_in_flight_ = false;  // a write
    bool is_shutdown_asked_ = false;
};

}  // namespace nightjar::io
