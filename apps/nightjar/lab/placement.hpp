#pragma once
// Who runs on which processors.

#include "record.hpp"

#include <vector>

namespace nightjar::app::lab {

struct placement {
    std::vector<int> server, client;
    bool is_shared = false;  ///< The load takes from the server's processors.
};

/// A processor for each worker from the front, the last one for the load. Where there are not
/// enough for both, or the candidate asks for it, both have all: then what the load takes is the
/// server's loss, and `is_shared` says so.
placement place(const std::vector<int>& permitted, const candidate& who);

/// Those of this process's mask, in order.
std::vector<int> permitted_processors();

/// Holds this thread to these processors while it lives.
class pinned {
public:
    explicit pinned(const std::vector<int>& processors);
    ~pinned();
    pinned(const pinned&) = delete;
    pinned& operator=(const pinned&) = delete;

private:
    std::vector<int> before_;
};

}  // namespace nightjar::app::lab
