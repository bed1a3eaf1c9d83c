// Signals are events.
#include "kernel/kernel_lab.hpp"

#include <nightjar/io/signals.hpp>

namespace nightjar::io::test {
namespace {

class signal_events : public testing::TestWithParam<lab_kind> {
protected:
    void SetUp() override {
        lab_ = GetParam().make();
        if (lab_ == nullptr) GTEST_SKIP();
    }
    std::unique_ptr<lab> lab_;
};

TEST_P(signal_events, come_as_callbacks_of_their_number) {
    auto made = signals::make(lab_->loop());
    ASSERT_TRUE(made);
    int first = 0, second = 0;
    ASSERT_TRUE((*made)->on(SIGUSR1, [&] { ++first; }));
    ASSERT_TRUE((*made)->on(SIGUSR2, [&] { ++second; }));
    ::raise(SIGUSR2);
    EXPECT_EQ(second, 0) << "from the loop only";
    ASSERT_TRUE(lab_->until([&] { return second == 1; }));
    EXPECT_EQ(first, 0);
    ASSERT_TRUE((*made)->on(SIGUSR1, [&] { first += 10; }));
    ::raise(SIGUSR1);
    ASSERT_TRUE(lab_->until([&] { return first == 10; }));
}

TEST_P(signal_events, the_mask_is_as_before_afterwards) {
    {
        auto made = signals::make(lab_->loop());
        ASSERT_TRUE(made);
        ASSERT_TRUE((*made)->on(SIGUSR1, [] {}));
    }
    sigset_t now;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
    EXPECT_EQ(sigismember(&now, SIGUSR1), 0);
}

TEST_P(signal_events, refuse_a_number_that_is_no_signal) {
    auto made = signals::make(lab_->loop());
    ASSERT_TRUE(made);
    auto refused = (*made)->on(4711, [] {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, error::invalid);
}

INSTANTIATE_TEST_SUITE_P(on, signal_events, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
