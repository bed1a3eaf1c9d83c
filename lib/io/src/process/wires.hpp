#pragma once
// What the plan of a child refers to, and the ends of its pipes.

#include "process/launch.hpp"

#include <nightjar/io/process.hpp>

namespace nightjar::io {

class process::wires {
public:
    /// `how` outlives this. An error says what could not be opened.
    error lay(const process_options& how);
    launch_plan& plan() noexcept { return plan_; }

    /// Our ends, empty where there is no pipe.
    handle input, output, errors;

private:
    error wire(int theirs, process_options::wiring how, handle& ours);
    error wire_null(int theirs);

    launch_plan plan_;
    std::vector<handle> lent_;  // the child's ends, until it has them
};

}  // namespace nightjar::io
