#pragma once
// A connect(2) under way on io_uring.

#include "engines/uring/core.hpp"

namespace nightjar::io::uring {

class attempt final : public io::attempt, private operation {
public:
    attempt(core& on, handle socket, connector& who) noexcept
        : on_(on), socket_(std::move(socket)), who_(who) {}
    ~attempt() override;

    /// False when there are too many operations.
    bool start(const endpoint& to) noexcept;

private:
    void on_completion(const completion& what) noexcept override;

    core& on_;
    handle socket_;
    connector& who_;
    id<entry> name_;
};

}  // namespace nightjar::io::uring
