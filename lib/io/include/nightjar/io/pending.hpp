#pragma once
// What was asked for and is not there yet: work on a pool, an operation on a file. Holding it is
// being interested in the answer.

#include <utility>

namespace nightjar::io {

/// Empty once the answer was told, or when there was nothing to wait for. Belongs to the thread of
/// the loop that asked.
class pending {
public:
    /// Implemented by whoever carries a request out. Tells its holder when it dies.
    class request {
    public:
        request(const request&) = delete;
        request& operator=(const request&) = delete;

    protected:
        request() noexcept = default;
        ~request() { let_go(); }
        /// The holder is empty from now on: before an answer is told.
        void let_go() noexcept {
            if (pending* const who = std::exchange(holder_, nullptr)) who->what_ = nullptr;
        }

    private:
        friend class pending;
        /// Nobody waits any more: what has not begun is dropped, what has begun ends in silence.
        /// May destroy it.
        virtual void forget() noexcept = 0;

        pending* holder_ = nullptr;
    };

    pending() noexcept = default;
    explicit pending(request& what) noexcept;
    pending(pending&& other) noexcept { take(other); }
    pending& operator=(pending&& other) noexcept {
        if (this != &other) {
            cancel();
            take(other);
        }
        return *this;
    }
    ~pending() { cancel(); }

    /// Whether an answer is still to come.
    explicit operator bool() const noexcept { return what_ != nullptr; }

    /// After it the answer is not told. What has not begun never will; what has begun goes on to
    /// its end with all that it owns.
    void cancel() noexcept {
        request* const what = std::exchange(what_, nullptr);
        if (what == nullptr) return;
        what->holder_ = nullptr;
        what->forget();
    }
    /// Nobody holds it any more, and the answer is told all the same.
    void detach() noexcept {
        if (request* const what = std::exchange(what_, nullptr)) what->holder_ = nullptr;
    }

private:
    void take(pending& other) noexcept;

    request* what_ = nullptr;
};

}  // namespace nightjar::io
