#pragma once
// What the first process and a worker's say to each other, over a pair of Unix sockets: short
// words, and connections as descriptors. [unix(7) SCM_RIGHTS]

#include <nightjar/io/engine.hpp>
#include <nightjar/io/loop.hpp>

#include <array>

namespace nightjar::io::models {

struct word {
    enum class kind : std::uint8_t {
        ready,       ///< From the worker: it serves; `engine` says on what.
        failed,      ///< From the worker: it cannot; `why` and `os`.
        connection,  ///< To the worker, with a descriptor.
        drain,       ///< To the worker.
        stop,        ///< To the worker.
    };
    kind what = kind::ready;
    error::kind why = error::none;
    std::int32_t os = 0;
    std::array<char, 16> engine{};
};

class channel final : private watch::watcher {
public:
    /// Must not destroy the channel in its calls.
    class hearer {
    public:
        virtual void on_word(const word& what, handle with) = 0;
        /// The other process is gone. Once and last.
        virtual void on_hung_up() = 0;

    protected:
        ~hearer() = default;
    };
    struct ends {
        handle near, far;
    };

    static result<ends> make();
    explicit channel(handle end) noexcept : end_(std::move(end)) {}

    result<> listen(loop& home, hearer& who);
    /// Does not wait. false: the other side has not read what it was sent, or is gone.
    bool send(const word& what, int descriptor = -1) noexcept;
    int descriptor() const noexcept { return static_cast<int>(end_.value()); }

private:
    void on_ready(unsigned what) noexcept override;
    /// The next word. False if there is none; `ended` if there will be none.
    bool receive(word& what, handle& with, bool& ended) noexcept;

    handle end_;
    hearer* who_ = nullptr;
    std::unique_ptr<watch> watch_;
};

}  // namespace nightjar::io::models
