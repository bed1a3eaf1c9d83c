#pragma once
// Readiness of somebody else's descriptor: one poll at a time, asked again after each answer, which
// is what makes it level-triggered at no system call of its own.

#include "engines/uring/core.hpp"

namespace nightjar::io::uring {

class watch final : public io::watch, private operation {
public:
    watch(core& on, int descriptor, watcher& who) noexcept : on_(on), who_(who), fd_(descriptor) {}
    ~watch() override;

    /// What is wrong with the descriptor, if anything.
    error probe() noexcept;
    void want(unsigned what) noexcept override;

private:
    void on_completion(const completion& what) noexcept override;
    void stop() noexcept;
    void arm() noexcept;

    core& on_;
    watcher& who_;
    id<entry> name_;  // of the poll under way: a new one for each wish, so that no answer is to an
                      // old question
    unsigned wanted_ = 0;
    int fd_;
};

}  // namespace nightjar::io::uring
