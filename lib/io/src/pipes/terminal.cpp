#include "os/error.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <nightjar/io/terminal.hpp>

#include <string>
#include <utility>

namespace nightjar::io {
namespace {

/// Opening a master of a pseudo terminal again would make another one. [ptmx(4)]
bool is_master(int descriptor) noexcept {
    unsigned number = 0;
    return ::ioctl(descriptor, TIOCGPTN, &number) == 0;
}

int open_again(int descriptor) noexcept {
    if (!is_master(descriptor)) {
        const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
        const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
        if (fd >= 0) return fd;
    }
    return ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
}

}  // namespace

/// The terminal's settings, through a descriptor of its own.
class terminal::modes {
public:
    explicit modes(handle fd) noexcept : fd_(std::move(fd)) {}
    ~modes() { restore(); }
    modes(const modes&) = delete;
    modes& operator=(const modes&) = delete;

    result<> read() noexcept {
        if (::tcgetattr(descriptor(), &before_) != 0) return fail(os::last_error());
        return {};
    }
    result<> set(const termios& how) noexcept {
        if (::tcsetattr(descriptor(), TCSANOW, &how) != 0) return fail(os::last_error());
        is_changed_ = true;
        return {};
    }
    void restore() noexcept {
        if (std::exchange(is_changed_, false)) ::tcsetattr(descriptor(), TCSANOW, &before_);
    }
    const termios& before() const noexcept { return before_; }
    int descriptor() const noexcept { return static_cast<int>(fd_.value()); }

private:
    handle fd_;
    termios before_{};
    bool is_changed_ = false;
};

terminal::terminal(std::unique_ptr<modes> its, std::unique_ptr<pipe_stream> over) noexcept
    : modes_(std::move(its)), stream_(std::move(over)) {}

result<std::unique_ptr<terminal>> terminal::open(loop& on, int descriptor) {
    if (::isatty(descriptor) == 0) return fail(error::unsupported);
    handle in = kernel_handle(open_again(descriptor));
    if (in.value() < 0) return fail(os::last_error());
    handle out = kernel_handle(::fcntl(static_cast<int>(in.value()), F_DUPFD_CLOEXEC, 0));
    handle own = kernel_handle(::fcntl(static_cast<int>(in.value()), F_DUPFD_CLOEXEC, 0));
    if (out.value() < 0 || own.value() < 0) return fail(os::last_error());
    auto its = std::make_unique<modes>(std::move(own));
    if (const auto done = its->read(); !done) return fail(done.error());
    auto over = pipe_stream::make(on, std::move(in), std::move(out));
    if (!over) return fail(over.error());
    return std::unique_ptr<terminal>(new terminal(std::move(its), std::move(*over)));
}

terminal::~terminal() {
    if (by_ != nullptr) static_cast<void>(by_->on(SIGWINCH, {}));
}

result<> terminal::set(mode which) noexcept {
    termios how = modes_->before();
    switch (which) {
        case mode::normal: restore(); return {};
        case mode::keys:
            how.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
            how.c_cc[VMIN] = 1;
            how.c_cc[VTIME] = 0;
            break;
        case mode::raw: ::cfmakeraw(&how); break;
    }
    return modes_->set(how);
}

result<terminal_size> terminal::size() const noexcept {
    winsize said{};
    if (::ioctl(modes_->descriptor(), TIOCGWINSZ, &said) != 0) return fail(os::last_error());
    return terminal_size{.columns = said.ws_col, .rows = said.ws_row};
}

result<> terminal::on_resize(signals& by, std::function<void(const terminal_size&)> call) {
    auto heard = by.on(SIGWINCH, [this, call = std::move(call)] {
        if (const auto now = size()) call(*now);
    });
    if (heard) by_ = &by;
    return heard;
}

void terminal::restore() noexcept { modes_->restore(); }

}  // namespace nightjar::io
