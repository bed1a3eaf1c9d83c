#include "files/request.hpp"

#include "os/error.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace nightjar::io {

files::request::~request() {
    if (what == verb::open && code_ >= 0) ::close(code_);  // nobody wanted it any more
    --its_.under_way_;
}

error files::request::why() const noexcept {
    return code_ < 0 ? os::to_error(-code_) : error(error::none);
}

int files::request::take_descriptor() noexcept { return std::exchange(code_, -1); }

bool files::request::fly(file_operations& with) noexcept {
    if (!with.start(*this)) return false;
    engine_ = &with;
    its_.flying_.push_back(*this);
    return true;
}

void files::request::land() noexcept {
    let_go();
    is_forgotten_ = true;
    engine_->finish(*this);
}

void files::request::run() noexcept {
    while (is_partly_done(do_now(*this))) {
    }
}

void files::request::on_finished(int code) noexcept {
    const bool goes_on = is_partly_done(code) && !is_forgotten_;
    if (goes_on && engine_->start(*this)) return;
    if (goes_on) code_ = -EAGAIN;  // `no_room`, after a part
    intrusive_list<request, request>::erase(*this);
    const std::unique_ptr<request> mine(this);
    let_go();
    if (!is_forgotten_) tell(*this);
}

void files::request::forget() noexcept {
    if (engine_ == nullptr) return job::forget();
    is_forgotten_ = true;
    engine_->cancel(*this);
}

bool files::request::is_partly_done(int code) noexcept {
    code_ = code;
    // Whatever close(2) says, the descriptor is gone; a dropped one is closed with the handle.
    if (what == verb::close && code != -ECANCELED) held->take();
    if (code < 0 || (what != verb::read && what != verb::write)) return false;
    return is_more_to_move(static_cast<std::size_t>(code));
}

bool files::request::is_more_to_move(std::size_t n) noexcept {
    const std::size_t asked = step_of(*this);
    room = room.subspan(n);
    offset += n;
    if (what == verb::read) return n == asked && !room.empty();
    if (n == 0 && asked > 0) code_ = -ENOSPC;  // what a device says that is full
    return n > 0 && !room.empty();
}

}  // namespace nightjar::io
