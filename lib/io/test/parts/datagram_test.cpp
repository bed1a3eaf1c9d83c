// Datagrams arrive whole or not at all, with their sender.
#include "contract/suite.hpp"
#include "kernel/kernel_lab.hpp"

#include <nightjar/io/datagram.hpp>

namespace nightjar::io::test {
namespace {

class datagrams : public testing::TestWithParam<lab_kind>, protected datagram::receiver {
protected:
    void SetUp() override {
        lab_ = GetParam().make();
        if (lab_ == nullptr) GTEST_SKIP();
    }
    std::unique_ptr<datagram> bind(std::size_t size_max = 65536) {
        auto made = datagram::bind(lab_->loop(),
                                   {.at = endpoint::loopback_v4(0), .size_max = size_max}, *this);
        return made ? std::move(*made) : nullptr;
    }
    void on_datagram(const endpoint& from, bytes lent) noexcept override {
        from_ = from;
        got_.emplace_back(as_text(lent));
    }

    std::unique_ptr<lab> lab_;
    endpoint from_;
    std::vector<std::string> got_;
};

TEST_P(datagrams, arrive_one_by_one_with_their_sender) {
    auto near = bind(), far = bind();
    ASSERT_TRUE(near && far);
    for (const char* text : {"one", "", "three"})
        EXPECT_TRUE(near->send(far->local(), as_bytes(text)));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 3; }));
    EXPECT_EQ(got_, (std::vector<std::string>{"one", "", "three"}));
    EXPECT_EQ(from_, near->local());
}

TEST_P(datagrams, are_cut_at_the_maximum) {
    auto near = bind(), far = bind(10);
    ASSERT_TRUE(near && far);
    EXPECT_TRUE(near->send(far->local(), as_bytes("0123456789abcdef")));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 1; }));
    EXPECT_EQ(got_.front(), "0123456789");
}

TEST_P(datagrams, a_crowd_of_them_arrives_over_several_turns) {
    auto near = bind(), far = bind();
    ASSERT_TRUE(near && far);
    for (int i = 0; i < 200; ++i)
        EXPECT_TRUE(near->send(far->local(), as_bytes(std::to_string(i))));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 200; }));
    EXPECT_EQ(got_.back(), "199");
}

TEST_P(datagrams, refuse_what_is_too_long) {
    auto near = bind();
    ASSERT_TRUE(near);
    EXPECT_FALSE(near->send(near->local(), as_bytes(pattern(70'000))));
}

INSTANTIATE_TEST_SUITE_P(on, datagrams, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
