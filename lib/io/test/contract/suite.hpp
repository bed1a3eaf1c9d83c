#pragma once
// The fixture of the contract's tests: a lab with a host that listens.

#include "contract/lab.hpp"
#include "contract/tape.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace nightjar::io::test {

class contract : public testing::TestWithParam<lab_kind> {
protected:
    /// Two ends of one connection. Valid as long as the test.
    struct line {
        tape& near;
        tape& far;
    };

    void SetUp() override {
        lab_ = GetParam().make();
        if (lab_ == nullptr) GTEST_SKIP() << "this machine has no " << GetParam().name;
        listen();
    }

    void listen() {
        listen_options how;
        how.at = lab_->place();
        auto made = engine().listen(how, host_);
        ASSERT_TRUE(made) << describe(made.error().what);
        listener_ = std::move(*made);
    }

    io::loop& loop() { return lab_->loop(); }
    io::engine& engine() { return lab_->loop().engine(); }
    bool until(const std::function<bool()>& done) { return lab_->until(done); }

    caller& dial(const endpoint& to) {
        caller& made = callers_.emplace_back();
        auto under_way = engine().connect({.to = to, .from = {}}, made);
        if (under_way) {
            made.under_way = std::move(*under_way);
        } else {
            made.failures.push_back(under_way.error());
        }
        return made;
    }

    line connect() {
        const std::size_t before = host_.tapes.size();
        caller& made = dial(listener_->local());
        const bool is_there =
            until([&] { return made.connections == 1 && host_.tapes.size() == before + 1; });
        EXPECT_TRUE(is_there) << "no connection";
        if (!is_there) std::abort();
        return {made.line, host_.tapes.back()};
    }

    std::unique_ptr<lab> lab_;  // first in, last out: all below live on its engine
    host host_;
    std::deque<caller> callers_;
    std::unique_ptr<listener> listener_;
};

/// For what only the kernel's engines have: descriptors, files, threads.
class kernel_contract : public contract {};

/// Text in which each position can be told from its neighbours.
inline std::string pattern(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>((i * 131 + (i >> 8) * 7) & 0xff);
    return out;
}

}  // namespace nightjar::io::test
