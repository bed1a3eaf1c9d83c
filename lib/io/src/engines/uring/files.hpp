#pragma once
// Operations on files that the ring does itself.
//
//   start --> a flight, named in the table of operations --completion--> on_finished, freed

#include "engines/uring/core.hpp"
#include "files/call.hpp"

namespace nightjar::io::uring {

class files final : public io::file_operations {
public:
    explicit files(core& on) noexcept : on_(on) {}

    bool start(file_call& call) noexcept override;
    void cancel(file_call& call) noexcept override;
    void finish(file_call& call) noexcept override;

private:
    class flight;

    core& on_;
};

}  // namespace nightjar::io::uring
