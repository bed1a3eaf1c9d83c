#pragma once
// One operation on a file, as data: what an engine turns into its own, and what a thread of a pool
// does with system calls. All that the kernel reads or writes lies in it, or is owned by whoever
// derives from it, until it is over.

#include <sys/stat.h>

#include <nightjar/base/bytes.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace nightjar::io {

class file_call {
public:
    enum class verb : std::uint8_t {
        open,
        close,
        read,
        write,
        sync,
        sync_data,
        truncate,
        stat,
        rename,
        remove,
        remove_directory,
        make_directory,
    };

    verb what = verb::open;
    int descriptor = -1;
    int flags = 0;
    unsigned mode = 0;
    std::string path, target;
    bytes room;  // read into, or written; moves on as it is done
    std::uint64_t offset = 0;
    std::unique_ptr<struct statx> info;
    std::uint64_t engine_name = 0;  // the engine's own

    /// From the engine that took it: what the system call would have returned, or a negative errno.
    /// May destroy it.
    virtual void on_finished(int code) noexcept = 0;

protected:
    file_call() = default;
    ~file_call() = default;
};

/// How much of `call.room` one system call takes. [read(2): 2147479552 at most]
std::size_t step_of(const file_call& call) noexcept;

/// One system call, here and now; waits as long as it takes. As on_finished().
int do_now(file_call& call) noexcept;

/// An engine's own operations on files.
class file_operations {
public:
    /// False: not this one, or not now; it goes to a pool. Otherwise on_finished() follows from a
    /// turn, and the call stays where it is until then.
    virtual bool start(file_call& call) noexcept = 0;
    /// Asks the kernel to drop it; on_finished() follows all the same.
    virtual void cancel(file_call& call) noexcept = 0;
    /// Returns once the kernel has let go of it and on_finished() was called.
    virtual void finish(file_call& call) noexcept = 0;

protected:
    ~file_operations() = default;
};

}  // namespace nightjar::io
