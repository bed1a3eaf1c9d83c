#include "os/error.hpp"
#include "pipes/quiet_write.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <nightjar/io/pipe.hpp>

#include <array>
#include <cerrno>
#include <utility>

namespace nightjar::io {
namespace {

constexpr std::size_t read_max = 32 * 1024;

bool is_passing(int number) noexcept {
    return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

result<handle> open_end(const std::string& path, int flags) noexcept {
    const int fd = ::open(path.c_str(), flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0) return kernel_handle(fd);
    // Nobody reads that FIFO. [open(2) ENXIO]
    return fail(errno == ENXIO ? error(error::not_found, ENXIO) : os::last_error());
}

std::size_t total_of(std::span<const bytes_view> pieces) noexcept {
    std::size_t total = 0;
    for (const bytes_view piece : pieces) total += piece.size();
    return total;
}

}  // namespace

result<pipe_ends> make_pipe() noexcept {
    int both[2];
    if (::pipe2(both, O_CLOEXEC) != 0) return nightjar::fail(os::last_error());
    return pipe_ends{kernel_handle(both[0]), kernel_handle(both[1])};
}

result<std::unique_ptr<pipe_stream>> pipe_stream::make(loop& on, handle reading, handle writing) {
    if (!reading && !writing) return nightjar::fail(error::invalid);
    std::unique_ptr<pipe_stream> made(new pipe_stream(on));
    if (reading && writing && reading.value() == writing.value())
        return nightjar::fail(error::invalid);
    error why = reading ? made->take(made->reading_, std::move(reading)) : error(error::none);
    if (why == error::none && writing) why = made->take(made->writing_, std::move(writing));
    if (why != error::none) return nightjar::fail(why);
    return made;
}

result<std::unique_ptr<pipe_stream>> pipe_stream::open_reader(loop& on, const std::string& path) {
    auto end = open_end(path, O_RDONLY);
    if (!end) return nightjar::fail(end.error());
    return make(on, std::move(*end), {});
}

result<std::unique_ptr<pipe_stream>> pipe_stream::open_writer(loop& on, const std::string& path) {
    auto end = open_end(path, O_WRONLY);
    if (!end) return nightjar::fail(end.error());
    return make(on, {}, std::move(*end));
}

pipe_stream::end::end(pipe_stream& its, handle what) noexcept
    : its(its), fd(std::move(what)), flags_before(::fcntl(descriptor(), F_GETFL)) {
    if (flags_before >= 0) ::fcntl(descriptor(), F_SETFL, flags_before | O_NONBLOCK);
}

pipe_stream::end::~end() {
    seen.reset();
    const bool was_blocking = flags_before >= 0 && (flags_before & O_NONBLOCK) == 0;
    if (was_blocking) ::fcntl(descriptor(), F_SETFL, flags_before);
}

void pipe_stream::end::on_ready(unsigned) noexcept {
    if (this == its.reading_.get()) return its.on_readable();
    its.on_writable();
}

error pipe_stream::take(std::unique_ptr<end>& as, handle what) {
    as = std::make_unique<end>(*this, std::move(what));
    if (as->flags_before < 0) return os::last_error();
    auto seen = on_.engine().observe(as->descriptor(), *as);
    if (!seen) return seen.error();
    as->seen = std::move(*seen);
    return error::none;
}

pipe_stream::~pipe_stream() = default;

void pipe_stream::attach(receiver& who) noexcept {
    receiver_ = &who;
    want();
}

std::size_t pipe_stream::write(std::span<const bytes_view> pieces) noexcept {
    if (state_ != state::open) return 0;
    expects(writing_ != nullptr, "a pipe that can be written to, and no write after shutdown()");
    expects(!is_in_flight_, "one write is in flight at most");
    const std::size_t total = total_of(pieces);
    if (total == 0) return 0;
    const ssize_t taken = write_quietly(writing_->descriptor(), pieces);
    if (taken < 0 && !is_passing(errno)) {
        fail(os::last_error());
        return 0;
    }
    const std::size_t n = taken < 0 ? 0 : static_cast<std::size_t>(taken);
    if (n < total) {
        is_in_flight_ = true;
        want();
    }
    return n;
}

void pipe_stream::shutdown() noexcept {
    if (state_ != state::open) return;
    is_shutdown_asked_ = true;
    if (!is_in_flight_) writing_.reset();
}

void pipe_stream::pause() noexcept {
    is_paused_ = true;
    want();
}

void pipe_stream::resume() noexcept {
    is_paused_ = false;
    want();
}

void pipe_stream::close() noexcept {
    if (state_ == state::closed || state_ == state::gone) return;
    if (state_ == state::open) state_ = state::closed;  // its fault stays what on_closed tells
    drop();
    on_.mark_dirty(*this);
}

void pipe_stream::on_readable() noexcept {
    if (state_ != state::open || is_paused_ || has_ended_) return;
    std::array<byte, read_max> room;  // NOLINT: what is lent of it is filled
    const ssize_t n = ::read(reading_->descriptor(), room.data(), room.size());
    if (n > 0) return receiver_->on_data(bytes(room).first(static_cast<std::size_t>(n)));
    // A pseudo terminal whose other side is closed says EIO.
    if (n == 0 || errno == EIO) return on_peer_ended();
    if (!is_passing(errno)) fail(os::last_error());
}

void pipe_stream::on_peer_ended() noexcept {
    has_ended_ = true;
    want();
    if (!receiver_->on_end() && state_ == state::open) fail(error::end_of_stream);
}

void pipe_stream::on_writable() noexcept {
    if (state_ != state::open || !is_in_flight_) return;
    is_in_flight_ = false;
    receiver_->on_written(0);
    if (state_ != state::open || is_in_flight_) return;
    if (is_shutdown_asked_) writing_.reset();
    want();
}

/// Tells the engine what is wanted now.
void pipe_stream::want() noexcept {
    if (state_ != state::open) return;
    const bool reads = receiver_ != nullptr && !is_paused_ && !has_ended_;
    if (reading_) reading_->seen->want(reads ? unsigned{watch::readable} : 0U);
    if (writing_) writing_->seen->want(is_in_flight_ ? unsigned{watch::writable} : 0U);
}

void pipe_stream::fail(error why) noexcept {
    state_ = state::failed;
    why_ = why;
    if (reading_) reading_->seen->want(0);
    if (writing_) writing_->seen->want(0);
    on_.mark_dirty(*this);
}

void pipe_stream::flush() noexcept {
    drop();
    state_ = state::gone;
    if (receiver_ != nullptr) receiver_->on_closed(why_);
}

void pipe_stream::drop() noexcept {
    reading_.reset();
    writing_.reset();
}

}  // namespace nightjar::io
