// Datagrams arrive whole or not at all, with their sender.
#include "contract/suite.hpp"
#include "kernel/kernel_lab.hpp"

#include <nightjar/io/datagram.hpp>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nightjar::io::test {
namespace {

class datagrams : public testing::TestWithParam<lab_kind>, protected datagram::receiver {
protected:
    void SetUp() override {
        lab_ = GetParam().make();
        if (lab_ == nullptr) GTEST_SKIP();
    }
    std::unique_ptr<datagram> bind(const datagram_options& how) {
        auto made = datagram::bind(lab_->loop(), how, *this);
        return made ? std::move(*made) : nullptr;
    }
    std::unique_ptr<datagram> bind(std::size_t size_max = 65536) {
        return bind({.at = endpoint::loopback_v4(0), .size_max = size_max});
    }
    void on_datagram(const endpoint& from, bytes lent) noexcept override {
        from_ = from;
        got_.emplace_back(as_text(lent));
    }
    void on_datagrams_end() noexcept override { ++batches_; }
    void on_datagram_error(error why) noexcept override { errors_.push_back(why); }

    std::unique_ptr<lab> lab_;
    endpoint from_;
    std::vector<std::string> got_;
    std::size_t batches_ = 0;
    std::vector<error> errors_;
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

TEST_P(datagrams, are_sent_and_read_in_batches) {
    auto near = bind(), far = bind(2048);
    ASSERT_TRUE(near && far);
    std::vector<std::string> texts;
    for (int i = 0; i < 150; ++i) texts.push_back("number " + std::to_string(i));
    std::vector<datagram::outgoing> all;
    for (const std::string& one : texts) all.push_back({far->local(), as_bytes(one)});
    const auto sent = near->send(all);
    ASSERT_TRUE(sent);
    EXPECT_EQ(*sent, texts.size());
    ASSERT_TRUE(lab_->until([&] { return got_.size() == texts.size(); }));
    EXPECT_EQ(got_, texts);
    EXPECT_LE(batches_, 5U) << "a system call brings many";
}

TEST_P(datagrams, a_batch_ends_before_the_one_that_cannot_be_sent) {
    auto near = bind(), far = bind();
    ASSERT_TRUE(near && far);
    const std::string long_one = pattern(70'000);
    const std::vector<datagram::outgoing> all{{far->local(), as_bytes("first")},
                                              {far->local(), as_bytes(long_one)},
                                              {far->local(), as_bytes("third")}};
    const auto some = near->send(all);
    ASSERT_TRUE(some);
    EXPECT_EQ(*some, 1U);
    const auto none = near->send(std::span(all).subspan(1));
    EXPECT_FALSE(none);
    const auto nowhere = near->send(std::vector<datagram::outgoing>{{{}, as_bytes("x")}});
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error(), error::invalid);
}

TEST_P(datagrams, are_cut_by_the_kernel_and_joined_again) {
    for (const bool coalesce : {false, true}) {
        got_.clear();
        auto near = bind();
        auto far = bind({.at = endpoint::loopback_v4(0),
                         .coalesce = coalesce,
                         .receive_buffer_bytes = 1'000'000});
        ASSERT_TRUE(near && far);
        const std::string text = pattern(100'300);
        const auto sent = near->send_cut(far->local(), as_bytes(text), 1000);
        ASSERT_TRUE(sent);
        EXPECT_EQ(*sent, text.size());
        ASSERT_TRUE(lab_->until([&] { return got_.size() == 101; })) << got_.size();
        std::string joined;
        for (const std::string& one : got_) {
            EXPECT_LE(one.size(), 1000U);
            joined += one;
        }
        EXPECT_EQ(got_.back().size(), 300U);
        EXPECT_TRUE(joined == text);
    }
}

TEST_P(datagrams, larger_than_a_segment_can_be_are_cut_without_the_kernels_help) {
    auto near = bind(), far = bind();
    ASSERT_TRUE(near && far);
    const std::string text = pattern(150'000);
    const auto sent = near->send_cut(far->local(), as_bytes(text), 60'000);
    ASSERT_TRUE(sent);
    EXPECT_EQ(*sent, text.size());
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 3; }));
    EXPECT_EQ(got_[0].size(), 60'000U);
    EXPECT_EQ(got_[2].size(), 30'000U);
    EXPECT_TRUE(got_[0] + got_[1] + got_[2] == text);
}

TEST_P(datagrams, joined_ones_are_cut_at_the_maximum_each) {
    auto near = bind();
    auto far = bind({.at = endpoint::loopback_v4(0), .coalesce = true, .size_max = 10});
    ASSERT_TRUE(near && far);
    ASSERT_TRUE(near->send_cut(far->local(), as_bytes(pattern(40)), 20));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 2; }));
    EXPECT_EQ(got_[0], pattern(40).substr(0, 10));
    EXPECT_EQ(got_[1], pattern(40).substr(20, 10));
}

TEST_P(datagrams, a_connected_one_hears_its_peer_alone_and_its_refusal) {
    auto near = bind(), far = bind(), stranger = bind();
    ASSERT_TRUE(near && far && stranger);
    ASSERT_TRUE(near->connect(far->local()));
    EXPECT_TRUE(near->send(as_bytes("to the peer")));
    EXPECT_TRUE(stranger->send(near->local(), as_bytes("from a stranger")));
    EXPECT_TRUE(far->send(near->local(), as_bytes("answer")));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 2; }));
    lab_->rest(20ms);
    EXPECT_EQ(std::ranges::count(got_, "from a stranger"), 0);
    far.reset();
    EXPECT_TRUE(near->send(as_bytes("anybody?")));
    ASSERT_TRUE(lab_->until([&] { return !errors_.empty(); }));
    EXPECT_EQ(errors_.front(), error::refused);
}

TEST_P(datagrams, of_a_group_come_to_its_members_until_they_leave) {
    const unsigned loopback = ::if_nametoindex("lo");
    const auto group = endpoint::v4({239, 255, 77, 7}, 0);
    auto member = bind({.at = endpoint::any_v4(0), .reuse_address = true});
    auto sender = bind();
    ASSERT_TRUE(member && sender && loopback != 0);
    ASSERT_TRUE(member->join(group, loopback));
    ASSERT_TRUE(sender->set_multicast_interface(loopback));
    ASSERT_TRUE(sender->set_multicast_loop(true));
    ASSERT_TRUE(sender->set_multicast_hops(1));
    const endpoint there = group.with_port(member->local().port());
    EXPECT_TRUE(sender->send(there, as_bytes("to all")));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 1; }));
    EXPECT_EQ(from_, sender->local());
    ASSERT_TRUE(member->leave(group, loopback));
    ASSERT_TRUE(member->join(group, loopback, endpoint::v4({127, 0, 0, 9}, 0)));
    EXPECT_TRUE(sender->send(there, as_bytes("to those who listen to another one")));
    lab_->rest(30ms);
    EXPECT_EQ(got_.size(), 1U);
    ASSERT_TRUE(member->leave(group, loopback, endpoint::v4({127, 0, 0, 9}, 0)));
    ASSERT_TRUE(member->join(group, loopback, endpoint::loopback_v4(0)));
    EXPECT_TRUE(sender->send(there, as_bytes("to my listeners")));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 2; }));
}

TEST_P(datagrams, refuse_a_group_that_is_none) {
    auto near = bind();
    ASSERT_TRUE(near);
    EXPECT_FALSE(near->join(endpoint::loopback_v4(0)));
    EXPECT_EQ(near->join(endpoint::any_v6(0)).error(), error::invalid);
    EXPECT_EQ(near->set_hops(0).error(), error::invalid);
    EXPECT_EQ(near->set_multicast_hops(256).error(), error::invalid);
    ASSERT_TRUE(near->set_hops(7));
    int hops = 0;
    socklen_t size = sizeof hops;
    ASSERT_EQ(::getsockopt(near->descriptor(), IPPROTO_IP, IP_TTL, &hops, &size), 0);
    EXPECT_EQ(hops, 7);
}

TEST_P(datagrams, go_to_everybody_only_if_that_is_allowed) {
    const auto everybody = endpoint::v4({255, 255, 255, 255}, 9);
    auto plain = bind({.at = endpoint::any_v4(0)});
    auto loud = bind({.at = endpoint::any_v4(0), .broadcast = true});
    ASSERT_TRUE(plain && loud);
    EXPECT_EQ(plain->send(everybody, as_bytes("x")).error(), error::denied);
    const auto sent = loud->send(everybody, as_bytes("x"));
    EXPECT_TRUE(sent || sent.error() == error::unreachable);  // a machine with no way out
}

TEST_P(datagrams, pass_through_unix_sockets_too) {
    const auto place = endpoint::local("@nightjar-datagram-" + std::to_string(::getpid())).value();
    auto far = bind({.at = place});
    auto near = bind(
        {.at = endpoint::local("@nightjar-datagram-near-" + std::to_string(::getpid())).value()});
    ASSERT_TRUE(near && far);
    EXPECT_TRUE(near->send(place, as_bytes("hello")));
    EXPECT_TRUE(near->send_cut(place, as_bytes("abcdef"), 4));
    ASSERT_TRUE(lab_->until([&] { return got_.size() == 3; }));
    EXPECT_EQ(got_, (std::vector<std::string>{"hello", "abcd", "ef"}));
}

INSTANTIATE_TEST_SUITE_P(on, datagrams, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
