#pragma once
// From a plan to a running program. Between vfork(2) and execve(2) only system calls happen: the
// child borrows the parent's memory, in which other threads may hold any lock.

#include <sys/types.h>

#include <nightjar/base/result.hpp>

#include <array>
#include <csignal>
#include <optional>
#include <vector>

namespace nightjar::io {

/// All that the child needs, ready to use.
struct launch_plan {
    struct placement {
        int theirs;
        int ours;
        int spare = -1;  // the child's own, out of the way of all `theirs`
    };

    std::vector<char*> arguments;    // ends with null, as the next
    std::vector<char*> environment;  // empty: ours
    const char* directory = nullptr;
    std::optional<uid_t> user;
    std::optional<gid_t> group;
    std::vector<placement> descriptors;
    bool new_session = false;
    bool is_detached = false;
};

/// The number of the process that runs the program; of a detached one, which is no child of ours.
result<pid_t> launch(launch_plan& what);

}  // namespace nightjar::io
