#include "files/request.hpp"

#include <fcntl.h>

#include <limits>
#include <utility>

namespace nightjar::io {
namespace {

using verb = file_call::verb;

int flags_of(const open_options& how) noexcept {
    // Without O_NONBLOCK a FIFO would hold a thread of the pool for as long as nobody opens its
    // other end. Regular files know no difference.
    int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    if (how.how == open_options::write) flags |= O_WRONLY;
    if (how.how == open_options::read_write) flags |= O_RDWR;
    if (how.create) flags |= O_CREAT;
    if (how.exclusive) flags |= O_EXCL;
    if (how.truncate) flags |= O_TRUNC;
    if (how.append) flags |= O_APPEND;
    if (how.synced) flags |= O_DSYNC;
    if (how.directory) flags |= O_DIRECTORY;
    return flags;
}

file_kind kind_of(unsigned mode) noexcept {
    switch (mode & S_IFMT) {
        case S_IFREG: return file_kind::regular;
        case S_IFDIR: return file_kind::directory;
        case S_IFLNK: return file_kind::link;
        case S_IFIFO: return file_kind::fifo;
        case S_IFSOCK: return file_kind::socket;
        case S_IFCHR:
        case S_IFBLK: return file_kind::device;
        default: return file_kind::unknown;  // not an enum
    }
}

file_info to_info(const struct statx& raw) noexcept {
    return {.kind = kind_of(raw.stx_mode),
            .mode = raw.stx_mode & 07777U,
            .owner = raw.stx_uid,
            .group = raw.stx_gid,
            .size = raw.stx_size,
            .device = std::uint64_t{raw.stx_dev_major} << 32 | raw.stx_dev_minor,
            .inode = raw.stx_ino,
            .links = raw.stx_nlink,
            .changed_s = raw.stx_mtime.tv_sec,
            .changed_ns = raw.stx_mtime.tv_nsec};
}

bool is_path(std::string_view text) noexcept {
    return !text.empty() && text.find('\0') == std::string_view::npos;
}

/// Larger ones mean something else to the kernel: all ones is the file's own position.
bool is_offset(std::uint64_t number) noexcept {
    return number <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
}

}  // namespace

files::files(loop& on, work_pool& pool, const files_options& how) noexcept
    : native_(how.native ? on.engine().files() : nullptr), how_(how), pool_(on, pool) {}

files::~files() {
    while (request* const one = flying_.front()) one->land();
}

std::unique_ptr<files::request> files::make(std::string_view path) {
    auto made = std::make_unique<request>(*this);
    made->path = path;
    return made;
}

result<pending> files::start(std::unique_ptr<request>& what) noexcept {
    if (under_way_ > how_.under_way_max) return fail(error::no_room);
    if (native_ != nullptr && what->fly(*native_)) return pending(*what.release());
    std::unique_ptr<work_pool::job> job(what.release());
    auto taken = pool_.submit(job);
    if (!taken) what.reset(static_cast<request*>(job.release()));
    return taken;
}

result<pending> files::start_plain(std::unique_ptr<request>& what, told<void> tell) {
    what->tell = [tell = std::move(tell)](request& self) {
        const error why = self.why();
        tell(why == error::none ? result<>() : fail(why));
    };
    return start(what);
}

result<pending> files::start_stat(std::unique_ptr<request>& what, told<file_info> tell) {
    what->what = verb::stat;
    what->info = std::make_unique<struct statx>();
    what->tell = [tell = std::move(tell)](request& self) {
        const error why = self.why();
        tell(why == error::none ? result<file_info>(to_info(*self.info)) : fail(why));
    };
    return start(what);
}

result<pending> files::open(std::string_view path, const open_options& how, told<file> tell) {
    if (!is_path(path)) return fail(error::invalid);
    auto what = make(path);
    what->what = verb::open;
    what->flags = flags_of(how);
    what->mode = how.mode;
    what->tell = [tell = std::move(tell)](request& self) {
        const error why = self.why();
        if (why != error::none) return tell(fail(why));
        tell(file(kernel_handle(self.take_descriptor())));
    };
    return start(what);
}

result<pending> files::close(file&& what, told<void> tell) {
    if (!what) return fail(error::invalid);
    if (what.its_.use_count() > 1) return fail(error::in_use);
    auto asked = make();
    asked->what = verb::close;
    asked->descriptor = what.descriptor();
    asked->held = std::exchange(what.its_, nullptr);
    auto taken = start_plain(asked, std::move(tell));
    if (!taken) what.its_ = std::move(asked->held);
    return taken;
}

result<pending> files::read(const file& from, std::uint64_t offset, buffer&& room,
                            told<buffer> tell) {
    if (!from || !is_offset(offset)) return fail(error::invalid);
    auto what = make();
    what->what = verb::read;
    what->descriptor = from.descriptor();
    what->offset = offset;
    what->held = from.its_;
    what->owned = std::move(room);
    what->use_all();
    what->tell = [tell = std::move(tell)](request& self) {
        const error why = self.why();
        if (why != error::none) return tell(fail(why));
        self.owned.resize(self.done());
        tell(std::move(self.owned));
    };
    auto taken = start(what);
    if (!taken) room = std::move(what->owned);
    return taken;
}

result<pending> files::write(const file& to, std::uint64_t offset, buffer&& what,
                             told<buffer> tell) {
    if (!to || !is_offset(offset)) return fail(error::invalid);
    auto asked = make();
    asked->what = verb::write;
    asked->descriptor = to.descriptor();
    asked->offset = offset;
    asked->held = to.its_;
    asked->owned = std::move(what);
    asked->use_all();
    asked->tell = [tell = std::move(tell)](request& self) {
        const error why = self.why();
        if (why != error::none) return tell(fail(why));
        tell(std::move(self.owned));
    };
    auto taken = start(asked);
    if (!taken) what = std::move(asked->owned);
    return taken;
}

result<pending> files::sync(const file& what, told<void> tell) {
    if (!what) return fail(error::invalid);
    auto asked = make();
    asked->what = verb::sync;
    asked->descriptor = what.descriptor();
    asked->held = what.its_;
    return start_plain(asked, std::move(tell));
}

result<pending> files::sync_data(const file& what, told<void> tell) {
    if (!what) return fail(error::invalid);
    auto asked = make();
    asked->what = verb::sync_data;
    asked->descriptor = what.descriptor();
    asked->held = what.its_;
    return start_plain(asked, std::move(tell));
}

result<pending> files::truncate(const file& what, std::uint64_t size, told<void> tell) {
    if (!what) return fail(error::invalid);
    auto asked = make();
    asked->what = verb::truncate;
    asked->descriptor = what.descriptor();
    asked->offset = size;
    asked->held = what.its_;
    return start_plain(asked, std::move(tell));
}

result<pending> files::stat(const file& what, told<file_info> tell) {
    if (!what) return fail(error::invalid);
    auto asked = make();
    asked->descriptor = what.descriptor();
    asked->flags = AT_EMPTY_PATH;
    asked->held = what.its_;
    return start_stat(asked, std::move(tell));
}

result<pending> files::stat(std::string_view path, told<file_info> tell) {
    if (!is_path(path)) return fail(error::invalid);
    auto asked = make(path);
    asked->descriptor = AT_FDCWD;
    return start_stat(asked, std::move(tell));
}

result<pending> files::rename(std::string_view from, std::string_view to, told<void> tell) {
    if (!is_path(from) || !is_path(to)) return fail(error::invalid);
    auto asked = make(from);
    asked->what = verb::rename;
    asked->target = to;
    return start_plain(asked, std::move(tell));
}

result<pending> files::remove(std::string_view path, told<void> tell) {
    if (!is_path(path)) return fail(error::invalid);
    auto asked = make(path);
    asked->what = verb::remove;
    return start_plain(asked, std::move(tell));
}

result<pending> files::remove_directory(std::string_view path, told<void> tell) {
    if (!is_path(path)) return fail(error::invalid);
    auto asked = make(path);
    asked->what = verb::remove_directory;
    return start_plain(asked, std::move(tell));
}

result<pending> files::make_directory(std::string_view path, unsigned mode, told<void> tell) {
    if (!is_path(path)) return fail(error::invalid);
    auto asked = make(path);
    asked->what = verb::make_directory;
    asked->mode = mode;
    return start_plain(asked, std::move(tell));
}

}  // namespace nightjar::io
