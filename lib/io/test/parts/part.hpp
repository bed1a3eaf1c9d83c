#pragma once
// The fixture of parts that stand on an engine of the kernel's: each test runs on all of them.

#include "kernel/kernel_lab.hpp"

namespace nightjar::io::test {

class part : public testing::TestWithParam<lab_kind> {
protected:
    void SetUp() override {
        lab_ = GetParam().make();
        if (lab_ == nullptr) GTEST_SKIP() << "this machine has no " << GetParam().name;
    }
    io::loop& loop() { return lab_->loop(); }
    io::engine& engine() { return lab_->loop().engine(); }
    bool until(const std::function<bool()>& done) { return lab_->until(done); }

    std::unique_ptr<lab> lab_;
};

}  // namespace nightjar::io::test
