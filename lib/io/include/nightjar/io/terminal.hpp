#pragma once
// A terminal as a stream of keys and text, with its modes and its size. What it was like before
// comes back when this ends.

#include <nightjar/io/pipe.hpp>
#include <nightjar/io/signals.hpp>

#include <functional>
#include <memory>

namespace nightjar::io {

struct terminal_size {
    unsigned columns = 0, rows = 0;
    friend bool operator==(const terminal_size&, const terminal_size&) noexcept = default;
};

class terminal {
public:
    enum class mode {
        normal,  ///< As it was.
        keys,    ///< Each key at once and unseen; Ctrl-C and its like still work.
        raw,     ///< Each byte as it comes, out and in. [cfmakeraw(3)]
    };

    /// `descriptor` stays the caller's; a description of its own is opened where that is possible,
    /// so that others who share it do not notice. `unsupported` if it is no terminal.
    static result<std::unique_ptr<terminal>> open(loop& on, int descriptor);
    ~terminal();
    terminal(const terminal&) = delete;
    terminal& operator=(const terminal&) = delete;

    pipe_stream& stream() noexcept { return *stream_; }
    result<> set(mode which) noexcept;
    result<terminal_size> size() const noexcept;
    /// `call` hears of each new size, by SIGWINCH, which only the terminal of the process sends.
    /// `by` outlives this.
    result<> on_resize(signals& by, std::function<void(const terminal_size&)> call);

    /// As it was before. May be called by a handler of a signal that ends the process.
    void restore() noexcept;

private:
    class modes;
    terminal(std::unique_ptr<modes> its, std::unique_ptr<pipe_stream> over) noexcept;

    std::unique_ptr<modes> modes_;
    std::unique_ptr<pipe_stream> stream_;
    signals* by_ = nullptr;
};

}  // namespace nightjar::io
