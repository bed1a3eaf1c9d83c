#pragma once
// Where a handler puts its answer: the connection itself, or, where the work is done on another
// thread, something that collects for it. A handler that asks for no more than this runs under
// every model (models.hpp).

#include <nightjar/io/endpoint.hpp>

namespace nightjar::io {

/// Valid during the call that was given it. Whose outlet is an `io::line` may keep it for as long
/// as the connection lives.
class outlet {
public:
    /// Appends a copy of `what`. false: no room, or closed; then nothing was taken.
    virtual bool write(bytes_view what) noexcept = 0;
    /// How many bytes write() takes now.
    virtual std::size_t room() const noexcept = 0;
    /// Ends the connection once what was written has left.
    virtual void close() noexcept = 0;
    /// Ends it now, whatever waits.
    virtual void drop() noexcept = 0;
    virtual bool is_open() const noexcept = 0;

    virtual endpoint peer() const noexcept = 0;
    virtual endpoint local() const noexcept = 0;

protected:
    ~outlet() = default;
};

}  // namespace nightjar::io
