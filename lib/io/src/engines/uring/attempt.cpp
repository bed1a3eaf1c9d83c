#include "engines/uring/attempt.hpp"

#include "os/address.hpp"
#include "os/error.hpp"

#include <nightjar/base/expects.hpp>

namespace nightjar::io::uring {

attempt::~attempt() {
    if (!on_.is_entered(name_)) return;
    on_.drop(name_);
    on_.ring().cancel({kind::connect, name_});
    on_.ring().close_later(static_cast<int>(socket_.take()));
}

bool attempt::start(const endpoint& to) noexcept {
    name_ = on_.enter(*this);
    if (!name_) return false;
    io_uring_sqe& ask = on_.ring().entry();
    auto& where = on_.ring().scratch().take<os::address>();
    where = os::to_address(to);
    ::io_uring_prep_connect(&ask, static_cast<int>(socket_.value()), where.raw(), where.size);
    ask.user_data = tag(kind::connect, name_).number();
    return true;
}

void attempt::on_completion(const completion& what) noexcept {
    on_.drop(name_);
    handle socket = std::move(socket_);
    if (what.result < 0) return who_.on_connect_failed(os::to_error(-what.result));
    core& on = on_;
    stream* const made = on.make_stream(static_cast<int>(socket.value()));
    if (made == nullptr) return who_.on_connect_failed(error::no_room);
    socket.take();
    const id<stream> fresh = on.name_of(*made);
    who_.on_connected(*made);
    expects(!on.is_alive(fresh) || made->is_taken(),
            "a connector attaches, closes or releases before it returns");
}

}  // namespace nightjar::io::uring
