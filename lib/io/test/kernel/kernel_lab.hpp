#pragma once
// A lab on an engine of the kernel's.

#include "contract/lab.hpp"

namespace nightjar::io::test {

class kernel_lab final : public lab {
public:
    explicit kernel_lab(std::unique_ptr<io::engine> on) : loop_(std::move(on)) {}
    io::loop& loop() override { return loop_; }
    endpoint place() override { return endpoint::loopback_v4(0); }
    /// Port 1 (tcpmux) has no listener on any machine that runs tests.
    endpoint nowhere() override { return endpoint::loopback_v4(1); }
    bool turn_until(const std::function<bool()>& done, duration limit) override {
        const instant end = loop_.engine().now() + limit;
        while (!done() && loop_.engine().now() < end) {
            loop_.run_once(std::min(end, loop_.now() + 20ms));
        }
        return done();
    }

private:
    io::loop loop_;
};

template <auto make>
std::unique_ptr<lab> make_kernel_lab() {
    auto made = make({});
    return made ? std::make_unique<kernel_lab>(std::move(*made)) : nullptr;
}

/// All engines of the kernel's; those that this machine lacks make null.
inline const std::array kernel_kinds{lab_kind{"epoll", make_kernel_lab<make_epoll_engine>},
                                     lab_kind{"io_uring", make_kernel_lab<make_uring_engine>},
                                     lab_kind{"libuv", make_kernel_lab<make_libuv_engine>},
                                     lab_kind{"libevent", make_kernel_lab<make_libevent_engine>}};

}  // namespace nightjar::io::test
