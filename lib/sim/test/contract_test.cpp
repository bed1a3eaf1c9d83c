// The contract of streams, listeners and loops on the simulated engine: in fair weather, and where
// the network cuts, delays and shortens all that it may. What needs a kernel (descriptors, file
// modes, ten thousand sockets, threads) has no place here.
#include "contract/suite.hpp"

#include <nightjar/sim/world.hpp>

namespace nightjar::io::test {
namespace {

class sim_lab final : public lab {
public:
    explicit sim_lab(const sim::faults& weather) : world_(4711, weather), loop_(world_.engine(0)) {}

    io::loop& loop() override { return loop_; }
    endpoint place() override { return endpoint::loopback_v4(0); }
    endpoint nowhere() override { return endpoint::loopback_v4(9); }
    bool turn_until(const std::function<bool()>& done, duration limit) override {
        const instant end = world_.now() + limit;
        while (!done() && world_.now() < end) loop_.run_once(end);
        return done();
    }

private:
    sim::world world_;
    io::loop loop_;
};

std::unique_ptr<lab> fair() { return std::make_unique<sim_lab>(sim::faults{}); }
std::unique_ptr<lab> foul() {
    sim::faults f;
    f.latency = 20us;
    f.latency_spread = 100us;
    f.cut_read = f.short_write = f.late_accept = 0.5;
    return std::make_unique<sim_lab>(f);
}

constexpr lab_kind sim_kinds[] = {{"fair", fair}, {"foul", foul}};

INSTANTIATE_TEST_SUITE_P(on_sim, contract, testing::ValuesIn(sim_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
