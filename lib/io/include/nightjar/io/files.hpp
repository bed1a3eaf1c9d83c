#pragma once
// Files that do not hold up the loop: io_uring does the work where the loop stands on it, a work
// pool elsewhere. Whatever the kernel or a thread may still touch belongs to the operation: buffers
// are handed in and come back with the answer.
//
// Operations under way at the same time have no order among themselves; who needs one starts the
// next when the last was told.

#include <nightjar/base/bytes.hpp>

#include <nightjar/io/handle.hpp>
#include <nightjar/io/work_pool.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::io {

class file_operations;

/// An open file. Copies share it; it is closed with the last copy and the last operation on it, so
/// that no operation meets a descriptor that has another meaning by now.
class file {
public:
    file() noexcept = default;
    explicit file(handle what) : its_(std::make_shared<handle>(std::move(what))) {}

    explicit operator bool() const noexcept { return its_ != nullptr; }
    /// -1 where it is none.
    int descriptor() const noexcept { return its_ ? static_cast<int>(its_->value()) : -1; }

private:
    friend class files;
    std::shared_ptr<handle> its_;  // shared: by operations that outlive the interest in them
};

enum class file_kind : std::uint8_t { regular, directory, link, fifo, socket, device, unknown };

struct file_info {
    file_kind kind = file_kind::unknown;
    unsigned mode = 0;  ///< Permissions, 07777 at most.
    unsigned owner = 0, group = 0;
    std::uint64_t size = 0;
    std::uint64_t device = 0, inode = 0;  ///< Together they say which file it is.
    std::uint64_t links = 0;
    std::int64_t changed_s = 0;  ///< Of the contents, in seconds since 1970.
    std::uint32_t changed_ns = 0;
};

struct directory_entry {
    std::string name;  ///< Without its directory.
    file_kind kind = file_kind::unknown;
};

struct open_options {
    enum access : std::uint8_t { read, write, read_write };
    access how = read;
    bool create = false;
    bool exclusive = false;  ///< With create: `in_use` if it is there already.
    bool truncate = false;
    bool append = false;     ///< Writes go to the end, whatever their offset says.
    bool synced = false;     ///< A write is told once its data are on the disk. [open(2) O_DSYNC]
    bool directory = false;  ///< Nothing but a directory, for sync().
    unsigned mode = 0644;    ///< Of what is created, less the process's umask.
};

struct files_options {
    std::size_t under_way_max = 1024;  ///< More are refused with `no_room`.
    bool native = true;                ///< Use the engine's own operations where it has them.
};

/// A loop's way to the file system. All is called, and told, on the loop's thread. Every operation
/// returns what it is pending as, or `no_room` (then what was handed in is still the caller's), and
/// tells its answer from the loop, never inside the call.
class files {
public:
    template <class T>
    using told = std::function<void(result<T>)>;
    using buffer = std::vector<byte>;

    files(loop& on, work_pool& pool, const files_options& how = {}) noexcept;
    /// Drops what has not begun, waits for what has, tells nobody. Before the pool and the loop.
    ~files();
    files(const files&) = delete;
    files& operator=(const files&) = delete;

    /// Never waits for the other end of a FIFO or for a device; pipe.hpp is for those.
    result<pending> open(std::string_view path, const open_options& how, told<file> tell);
    /// Says what close(2) says, which file systems over a network use to confess a lost write.
    /// `in_use` while there are other copies of it, or operations on it.
    result<pending> close(file&& what, told<void> tell);

    /// Reads `room.size()` bytes from `offset` on and gives the buffer back, cut to what was there:
    /// shorter only at the end of the file. After an error, or if nobody waits for it, it is freed.
    result<pending> read(const file& from, std::uint64_t offset, buffer&& room, told<buffer> tell);
    /// Writes all of it, and gives the buffer back as it was. An error may come after a part.
    result<pending> write(const file& to, std::uint64_t offset, buffer&& what, told<buffer> tell);
    /// What was told as written is on the disk when this is told. A directory makes the names
    /// lasting that were made, renamed or removed in it. [fsync(2)]
    result<pending> sync(const file& what, told<void> tell);
    /// Only the data, and what it takes to find them. [fdatasync(2)]
    result<pending> sync_data(const file& what, told<void> tell);
    result<pending> truncate(const file& what, std::uint64_t size, told<void> tell);

    result<pending> stat(const file& what, told<file_info> tell);
    /// Of the file that a link leads to.
    result<pending> stat(std::string_view path, told<file_info> tell);
    /// Replaces `to`, if that is there, in one step. [rename(2)]
    result<pending> rename(std::string_view from, std::string_view to, told<void> tell);
    result<pending> remove(std::string_view path, told<void> tell);
    result<pending> remove_directory(std::string_view path, told<void> tell);
    result<pending> make_directory(std::string_view path, unsigned mode, told<void> tell);
    /// What is in it but "." and "..", in no order; `no_room` if that is more than `entries_max`.
    /// Always on the pool.
    result<pending> scan(std::string_view path, std::size_t entries_max,
                         told<std::vector<directory_entry>> tell);

    /// Whether the engine does it itself.
    bool is_native() const noexcept { return native_ != nullptr; }
    /// Not told yet, scans aside.
    std::size_t under_way() const noexcept { return under_way_; }

private:
    class request;

    std::unique_ptr<request> make(std::string_view path = {});
    result<pending> start(std::unique_ptr<request>& what) noexcept;
    result<pending> start_plain(std::unique_ptr<request>& what, told<void> tell);
    result<pending> start_stat(std::unique_ptr<request>& what, told<file_info> tell);

    file_operations* native_;
    const files_options how_;
    std::size_t under_way_ = 0;
    intrusive_list<request, request> flying_;  // in the engine's hands
    work_desk pool_;  // last: what it waits for while it ends uses all above
};

}  // namespace nightjar::io
