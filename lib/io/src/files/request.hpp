#pragma once
// An operation under way, with all that it owns.
//
//   start --> the engine's (flying) --on_finished--> again while a part is left --> told, freed
//         --> the pool's            --run, on_done--------------------------------> told, freed
//
// Forgotten, it goes the same way and tells nobody.

#include "files/call.hpp"

#include <nightjar/io/files.hpp>

namespace nightjar::io {

class files::request final : public work_pool::job,
                             public file_call,
                             public list_hook<files::request> {
public:
    explicit request(files& its) noexcept : its_(its) { ++its_.under_way_; }
    ~request() override;

    /// Set before it starts; called at most once, with it as it ended.
    std::function<void(request& self)> tell;
    std::shared_ptr<handle> held;  // the file, until this is over
    files::buffer owned;           // behind `room`

    /// The whole of `owned` is to be read or written.
    void use_all() noexcept { room = owned; }
    std::size_t done() const noexcept { return owned.size() - room.size(); }
    error why() const noexcept;
    /// The descriptor that open() made is the caller's from here on.
    int take_descriptor() noexcept;

    bool fly(file_operations& with) noexcept;
    /// Comes back when the kernel holds nothing of it; it is freed then.
    void land() noexcept;

private:
    void run() noexcept override;
    void on_done() noexcept override { tell(*this); }
    void on_finished(int code) noexcept override;
    void forget() noexcept override;
    /// Takes note of what one system call did; whether there is more to do.
    bool is_partly_done(int code) noexcept;
    bool is_more_to_move(std::size_t n) noexcept;

    files& its_;
    file_operations* engine_ = nullptr;
    int code_ = -1;
    bool is_forgotten_ = false;
};

}  // namespace nightjar::io
