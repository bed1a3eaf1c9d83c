#include <nightjar/io/file_events.hpp>

#include "file_events/one.hpp"
#include "os/error.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <array>

namespace nightjar::io {

result<std::unique_ptr<file_events>> file_events::make(loop& on) {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) return fail(os::last_error());
    std::unique_ptr<file_events> made(new file_events(kernel_handle(fd)));
    auto seen = on.engine().observe(fd, *made);
    if (!seen) return fail(seen.error());
    made->watch_ = std::move(*seen);
    made->watch_->want(watch::readable);
    return made;
}

file_events::~file_events() {
    expects(items_.empty() && !is_telling_, "what is watched ends before the watcher");
}

result<std::unique_ptr<file_events::item>> file_events::watch_directory(const std::string& path,
                                                                        told tell) {
    auto made = std::make_unique<one>(*this, path, std::move(tell));
    if (const error why = made->watch_directory(); why != error::none) return fail(why);
    return made;
}

result<std::unique_ptr<file_events::item>> file_events::watch_file(const std::string& path,
                                                                   told tell) {
    auto made = std::make_unique<one>(*this, path, std::move(tell));
    if (const error why = made->watch_file(); why != error::none) return fail(why);
    return made;
}

void file_events::on_ready(unsigned) noexcept {
    alignas(inotify_event) std::array<char, 16 * 1024>
        room;  // NOLINT: what is read of it is filled
    const ssize_t n = ::read(descriptor(), room.data(), room.size());
    is_telling_ = true;
    for (ssize_t at = 0; at < n;) {
        const auto* const what = reinterpret_cast<const inotify_event*>(room.data() + at);
        at += static_cast<ssize_t>(sizeof *what + what->len);
        // The name is padded with zeros.
        dispatch(what->wd, what->mask, what->cookie, what->len > 0 ? what->name : "");
    }
    is_telling_ = false;
    std::erase(items_, nullptr);
}

void file_events::dispatch(int number, unsigned mask, unsigned cookie, std::string_view name) {
    const std::size_t count = items_.size();  // who is added meanwhile hears of later events
    for (std::size_t i = 0; i < count; ++i) {
        if (items_[i] == nullptr) continue;
        if ((mask & IN_Q_OVERFLOW) != 0)
            items_[i]->hear_overflow();
        else
            items_[i]->hear(number, mask, cookie, name);
    }
    if ((mask & IN_IGNORED) != 0) lose_mark(number);
}

result<int> file_events::add_mark(const std::string& path, unsigned mask) noexcept {
    const int number = ::inotify_add_watch(descriptor(), path.c_str(), mask);
    if (number < 0) return fail(os::last_error());
    const auto known = std::ranges::find(marks_, number, &mark::number);
    if (known == marks_.end())
        marks_.push_back({number, 1});
    else
        ++known->uses;
    return number;
}

void file_events::drop_mark(int number) noexcept {
    const auto known = std::ranges::find(marks_, number, &mark::number);
    if (known == marks_.end() || --known->uses > 0) return;
    ::inotify_rm_watch(descriptor(), number);
    marks_.erase(known);
}

/// The kernel has dropped it by itself.
void file_events::lose_mark(int number) noexcept {
    const auto known = std::ranges::find(marks_, number, &mark::number);
    if (known != marks_.end()) marks_.erase(known);
}

}  // namespace nightjar::io
