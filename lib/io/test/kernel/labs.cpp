// The contract on the kernel's engines.
#include "kernel/places.hpp"

namespace nightjar::io::test {
namespace {

class kernel_lab final : public lab {
public:
    explicit kernel_lab(std::unique_ptr<io::engine> on) : loop_(std::move(on)) {}
    io::loop& loop() override { return loop_; }
    endpoint place() override { return endpoint::loopback_v4(0); }
    /// Port 1 (tcpmux) has no listener on any machine that runs tests.
    endpoint nowhere() override { return endpoint::loopback_v4(1); }
    bool turn_until(const std::function<bool()>& done, duration limit) override {
        const instant end = loop_.engine().now() + limit;
        while (!done() && loop_.engine().now() < end)
            loop_.run_once(std::min(end, loop_.now() + 20ms));
        return done();
    }

private:
    io::loop loop_;
};

template <auto make>
std::unique_ptr<lab> make_lab() {
    auto made = make({});
    return made ? std::make_unique<kernel_lab>(std::move(*made)) : nullptr;
}

const std::array kinds{lab_kind{"epoll", make_lab<make_epoll_engine>},
                       lab_kind{"io_uring", make_lab<make_uring_engine>}};

INSTANTIATE_TEST_SUITE_P(on, contract, testing::ValuesIn(kinds), name_of);
INSTANTIATE_TEST_SUITE_P(on, kernel_places, testing::ValuesIn(kinds), name_of);
INSTANTIATE_TEST_SUITE_P(on, kernel_contract, testing::ValuesIn(kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
