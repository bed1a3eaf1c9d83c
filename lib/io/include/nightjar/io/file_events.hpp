#pragma once
// What happens to files and directories, as it happens (inotify). It says that something changed,
// not what: whoever hears it reads the file again. Not for file systems that others write to over a
// network, whose changes this kernel does not see.

#include <nightjar/io/loop.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::io {

struct file_event {
    enum kind : std::uint8_t {
        created,    ///< The name came to be.
        changed,    ///< The contents, or owner, mode and times.
        written,    ///< Whoever had it open for writing has closed it: it is whole.
        deleted,    ///< The name is gone.
        moved_out,  ///< Renamed away. `cookie` pairs it with the moved_in of the same rename.
        moved_in,   ///< Renamed to here.
        replaced,   ///< A watched file only: its name means another file now.
        overflow,   ///< The kernel's queue was full: events are lost, so look at everything.
    };
    kind what;
    /// In a watched directory: whose; empty: the directory itself. Valid during the call.
    std::string_view name{};
    unsigned cookie = 0;
};

class file_events final : private watch::watcher {
public:
    using told = std::function<void(const file_event&)>;

    /// A file or directory under watch. Destroying it ends that.
    class item {
    public:
        virtual ~item() = default;
    };

    /// `no_room` when the user has too many of them. [inotify(7) max_user_instances]
    static result<std::unique_ptr<file_events>> make(loop& on);
    /// Promise: its items are gone. Not from inside a callback.
    ~file_events();
    file_events(const file_events&) = delete;
    file_events& operator=(const file_events&) = delete;

    /// Watches the entries of a directory, not of those in it. `not_found`, `no_room`
    /// (max_user_watches), …. A callback may add and destroy items, its own too.
    result<std::unique_ptr<item>> watch_directory(const std::string& path, told tell);
    /// Watches a file by its name, which need not be there yet, in a directory that is: also when
    /// the name, or what a symbolic link leads to, becomes another file. Once the directory itself
    /// is gone nothing more is told.
    result<std::unique_ptr<item>> watch_file(const std::string& path, told tell);

private:
    class one;
    /// A descriptor of inotify's, which all items of the same directory or file share.
    struct mark {
        int number;
        unsigned uses;
    };

    explicit file_events(handle socket) noexcept : socket_(std::move(socket)) {}
    void on_ready(unsigned) noexcept override;
    void dispatch(int number, unsigned mask, unsigned cookie, std::string_view name);
    result<int> add_mark(const std::string& path, unsigned mask) noexcept;
    void drop_mark(int number) noexcept;
    void lose_mark(int number) noexcept;
    int descriptor() const noexcept { return static_cast<int>(socket_.value()); }

    handle socket_;
    std::unique_ptr<watch> watch_;
    std::vector<mark> marks_;
    std::vector<one*> items_;  // null: gone while events are told
    bool is_telling_ = false;
};

}  // namespace nightjar::io
