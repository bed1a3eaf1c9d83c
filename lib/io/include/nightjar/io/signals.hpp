#pragma once
// Signals as events of a loop (signalfd): SIGTERM is a callback on the loop's thread, not an
// interruption of whoever runs.

#include <nightjar/io/loop.hpp>

#include <csignal>
#include <functional>

namespace nightjar::io {

/// Blocks the signals it handles in the thread that makes it. Make it before other threads are
/// started, so that they inherit the mask; a signal that some thread leaves unblocked is delivered
/// there instead. Its end restores the mask.
class signals final : private watch::watcher {
public:
    using callback = std::function<void()>;

    static result<std::unique_ptr<signals>> make(loop& on);
    ~signals();
    signals(const signals&) = delete;
    signals& operator=(const signals&) = delete;

    /// `call` runs on the loop's thread whenever `number` came (several may count as one). Replaces
    /// an earlier one. It must not destroy this object.
    result<> on(int number, callback call);

private:
    explicit signals(handle descriptor) noexcept;
    void on_ready(unsigned what) noexcept override;

    struct entry {
        int number;
        callback call;
    };
    handle descriptor_;
    sigset_t mask_;
    sigset_t before_;
    std::vector<entry> entries_;
    std::unique_ptr<watch> watch_;
};

}  // namespace nightjar::io
