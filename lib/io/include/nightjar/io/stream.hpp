#pragma once
// The one contract between engines, layers and protocols: who owns the memory of a byte stream, and
// when.
//
//   reading   the engine lends: `on_data(lent)` is valid, and writable, during the call only
//   writing   the connection keeps: what `write` did not take at once stays borrowed until
//   `on_written` or `on_closed`
//
// Everything here happens on the thread of the stream's loop.

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/result.hpp>

#include <nightjar/io/endpoint.hpp>
#include <nightjar/io/handle.hpp>

#include <span>

namespace nightjar::io {

/// Implemented by a connection or a layer. Lives until `on_closed` has returned (or the stream was
/// released). Each call may call anything of its own stream, close() and release() included.
class receiver {
public:
    /// Bytes have come; never empty. Whoever needs them later copies them.
    virtual void on_data(bytes lent) noexcept = 0;
    /// The write in flight is over: `n` more bytes were taken (0: only room again). Write what is
    /// left, if anything.
    virtual void on_written(std::size_t n) noexcept = 0;
    /// The peer ended its side in order. true: keep ours open, writing goes on until close().
    /// false: the stream closes with `end_of_stream`. Comes once at most; no on_data after it.
    virtual bool on_end() noexcept { return false; }
    /// The end: once and last, from the loop, never from inside a call of the stream's. The stream
    /// is gone afterwards. `none` after close(); else what happened.
    virtual void on_closed(error why) noexcept = 0;

protected:
    ~receiver() = default;
};

/// Kernel TCP, a Unix socket, TLS, WebSocket, our own TCP, a simulated wire. Owned by its engine:
/// borrowed from the moment that an acceptor or connector gets it until `on_closed` returns or
/// `release` was called.
class stream {
public:
    /// Who hears of it from now on. An acceptor attaches before it returns. Reading begins with the
    /// first attach.
    virtual void attach(receiver& who) noexcept = 0;

    /// Sends the pieces in order. Returns how many bytes were taken at once. All of them: the write
    /// is over, nothing follows. Fewer: the write is in flight, the rest of the bytes stays
    /// borrowed (the list of pieces does not) until `on_written(n)` says how many more were taken;
    /// then write what is left again. One write is in flight at most (a promise). At most 64 pieces
    /// are looked at. After close() or once the peer is gone: 0, and only `on_closed` follows.
    [[nodiscard]] virtual std::size_t write(std::span<const bytes_view> pieces) noexcept = 0;

    /// Ends our side once the write in flight is over; the peer reads an end of stream.
    virtual void shutdown() noexcept = 0;

    /// Back-pressure: no on_data after pause() returned, until resume(). The peer's window fills.
    virtual void pause() noexcept = 0;
    virtual void resume() noexcept = 0;

    /// Idempotent. No on_data and no on_written after it; a write in flight is dropped;
    /// `on_closed(none)` follows.
    virtual void close() noexcept = 0;
    /// As close(), but the peer reads a reset: for those who do not deserve a TIME-WAIT.
    virtual void abort() noexcept { close(); }

    /// Says now that what was read has come, and not with the next write or, by the kernel, up to
    /// 40 ms later. A peer under Nagle's algorithm holds its next small write back for that long.
    /// [RFC 896, RFC 1122 4.2.3.2] Costs a segment. Nothing where there is no such thing.
    virtual void acknowledge_input() noexcept {}

    /// Takes the connection off this loop, to be adopted by another one. Promise: no write in
    /// flight. Bytes that had come already are delivered by on_data before it returns. The stream
    /// is gone afterwards without on_closed. Empty where the engine cannot (then the stream is
    /// unchanged).
    [[nodiscard]] virtual handle release() noexcept { return {}; }

    virtual endpoint peer() const noexcept = 0;
    virtual endpoint local() const noexcept = 0;

protected:
    ~stream() = default;
};

}  // namespace nightjar::io
