#pragma once
// Whoever waits for completions and is not a stream: a listener, an attempt to connect, a watch.
// Few of them, so each is found through a table of names; a name that was dropped hears nothing
// more.

#include "engines/uring/completion.hpp"

namespace nightjar::io::uring {

class operation {
public:
    /// May destroy it.
    virtual void on_completion(const completion& what) noexcept = 0;

protected:
    ~operation() = default;
};

/// A row of that table.
struct entry {
    operation* who;
};

}  // namespace nightjar::io::uring
