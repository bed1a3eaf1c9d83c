#include "input_lines.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "settings.hpp"

namespace nightjar::app {
namespace {

constexpr std::size_t chunk = 64 * 1024;

bool is_file(int descriptor) noexcept {
    struct stat about {};
    return ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

void input_lines::start() {
    if (!is_file(descriptor_))
        if (auto made = loop_.engine().observe(descriptor_, *this)) watch_ = std::move(*made);
    want_more(true);
}

void input_lines::resume() {
    if (!is_over_ && deliver()) want_more(true);
}

void input_lines::on_ready(unsigned) noexcept { read_some(); }

void input_lines::read_some() noexcept {
    const std::size_t before = held_.size();
    held_.resize(before + chunk);
    ssize_t count = 0;
    do {
        count = ::read(descriptor_, held_.data() + before, chunk);
    } while (count < 0 && errno == EINTR);
    held_.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
    const bool is_only_late = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    is_at_end_ = count <= 0 && !is_only_late;
    want_more(deliver());
}

/// False: nothing more is wanted for now.
bool input_lines::deliver() {
    while (true) {
        const auto end = held_.find('\n', std::max(done_, scanned_));
        const bool is_last = end == std::string::npos;
        if (is_last && (!is_at_end_ || done_ == held_.size())) break;
        const std::size_t size = (is_last ? held_.size() : end) - done_;
        if (!who_.on_line(std::string_view(held_).substr(done_, size))) return false;
        done_ += size + (is_last ? 0 : 1);
    }
    held_.erase(0, done_);
    done_ = 0;
    scanned_ = held_.size();
    const bool is_endless = held_.size() > payload_max;
    is_over_ = is_at_end_ || is_endless;
    if (is_endless) who_.on_endless_line();
    if (is_at_end_ && !is_endless) who_.on_end();
    return !is_over_;
}

void input_lines::want_more(bool more) {
    if (watch_)
        watch_->want(more ? unsigned{io::watch::readable} : 0U);
    else if (more)
        soon_.start(loop_, 0ns);
    else
        soon_.cancel();
}

}  // namespace nightjar::app
