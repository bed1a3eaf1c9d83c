#include "engines/uring/files.hpp"

#include <fcntl.h>

#include <memory>
#include <new>

namespace nightjar::io::uring {
namespace {

using verb = file_call::verb;

/// Names and numbers are read by the kernel while it takes the submission, buffers until it is
/// over.
void prepare(io_uring_sqe& to, file_call& call) noexcept {
    const char* const path = call.path.c_str();
    const auto mode = static_cast<mode_t>(call.mode);
    const auto size = static_cast<unsigned>(step_of(call));
    const int fd = call.descriptor;
    switch (call.what) {
        case verb::open: return ::io_uring_prep_openat(&to, AT_FDCWD, path, call.flags, mode);
        case verb::close: return ::io_uring_prep_close(&to, fd);
        case verb::read: return ::io_uring_prep_read(&to, fd, call.room.data(), size, call.offset);
        case verb::write:
            return ::io_uring_prep_write(&to, fd, call.room.data(), size, call.offset);
        case verb::sync: return ::io_uring_prep_fsync(&to, fd, 0);
        case verb::sync_data: return ::io_uring_prep_fsync(&to, fd, IORING_FSYNC_DATASYNC);
        case verb::stat:
            return ::io_uring_prep_statx(&to, fd, path, call.flags, STATX_BASIC_STATS,
                                         call.info.get());
        case verb::rename:
            return ::io_uring_prep_renameat(&to, AT_FDCWD, path, AT_FDCWD, call.target.c_str(), 0);
        case verb::remove: return ::io_uring_prep_unlinkat(&to, AT_FDCWD, path, 0);
        case verb::remove_directory:
            return ::io_uring_prep_unlinkat(&to, AT_FDCWD, path, AT_REMOVEDIR);
        case verb::make_directory: return ::io_uring_prep_mkdirat(&to, AT_FDCWD, path, mode);
        case verb::truncate: break;  // Linux 6.9, and the engine begins with 6.1
    }
    ::io_uring_prep_nop(&to);
}

}  // namespace

/// Lives from start() to the completion, whatever happens to the interest in it.
class files::flight final : public operation {
public:
    flight(core& on, file_call& call) noexcept : on_(on), call_(call), name_(on.enter(*this)) {}

    bool is_named() const noexcept { return static_cast<bool>(name_); }
    tag name() const noexcept { return {kind::file, name_}; }

private:
    void on_completion(const completion& what) noexcept override {
        on_.drop(name_);
        file_call& call = call_;
        delete this;
        call.on_finished(what.result);
    }

    core& on_;
    file_call& call_;
    id<entry> name_;
};

bool files::start(file_call& call) noexcept {
    if (call.what == verb::truncate) return false;
    std::unique_ptr<flight> made(new (std::nothrow) flight(on_, call));
    if (made == nullptr || !made->is_named()) return false;
    io_uring_sqe& to = on_.ring().entry();
    prepare(to, call);
    call.engine_name = made.release()->name().number();
    to.user_data = call.engine_name;
    return true;
}

void files::cancel(file_call& call) noexcept { on_.ring().cancel(tag(call.engine_name)); }

void files::finish(file_call& call) noexcept { on_.finish_operation(tag(call.engine_name)); }

}  // namespace nightjar::io::uring
