// What the models are made of: names, CPU lists, channels, the accept mutex, steering.
#include "workers/models/contest.hpp"
#include "workers/models/sockets.hpp"
#include "workers/place.hpp"

#include "kernel/kernel_lab.hpp"
#include "kernel/raw.hpp"
#include "os/address.hpp"
#include "workers/models/channel.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nightjar::io::test {
namespace {

TEST(models, have_names) {
    for (const char* name :
         {"single", "fork", "prefork", "cluster", "threads", "reuseport", "pool"}) {
        const auto parsed = parse_model(name);
        ASSERT_TRUE(parsed) << name;
        EXPECT_EQ(name_of(*parsed), name);
    }
    for (const char* name : {"", "Single", "threads ", "all"}) EXPECT_FALSE(parse_model(name));
}

TEST(cpu_lists, are_read_as_the_kernel_writes_them) {
    EXPECT_EQ(parse_cpu_list("0"), (std::vector{0}));
    EXPECT_EQ(parse_cpu_list("0-3,8\n"), (std::vector{0, 1, 2, 3, 8}));
    EXPECT_EQ(parse_cpu_list("2,4-5"), (std::vector{2, 4, 5}));
    for (const char* text : {"", "\n", "x", "1-", "-1", "3-1", "1,,2", "1;2", "0-99999", "1,"})
        EXPECT_TRUE(parse_cpu_list(text).empty()) << text;
}

TEST(numa_nodes, that_do_not_exist_are_not_found) {
    for (const int node : {-1, 900, 5000})
        EXPECT_EQ(cpus_of_node(node).error(), error::not_found) << node;
}

TEST(numa_nodes, have_cpus_of_this_process) {
    const auto cpus = cpus_of_node(0);
    if (!cpus && cpus.error() == error::not_found) GTEST_SKIP() << "no NUMA in this kernel";
    ASSERT_TRUE(cpus);
    const std::vector<int> permitted = permitted_cpus();
    for (const int cpu : *cpus) EXPECT_TRUE(std::ranges::count(permitted, cpu) == 1);
}

TEST(places, take_turns) {
    const std::vector<int> mine = permitted_cpus();
    EXPECT_TRUE(cpus_of_worker({}, 3)->empty());
    for (unsigned i = 0; i < 5; ++i) {
        EXPECT_EQ(*cpus_of_worker({.pin = true}, i), std::vector{mine[i % mine.size()]});
        EXPECT_EQ(*cpus_of_worker({.pin = true, .cpus = {7, 9}}, i), std::vector{i % 2 ? 9 : 7});
    }
    EXPECT_EQ(cpus_of_worker({.nodes = {900}}, 0).error(), error::not_found);
}

struct notes final : models::channel::hearer {
    void on_word(const models::word& what, handle with) override {
        words.push_back(what);
        handles.push_back(std::move(with));
    }
    void on_hung_up() override { ++ends; }
    std::vector<models::word> words;
    std::vector<handle> handles;
    int ends = 0;
};

class channels : public testing::TestWithParam<lab_kind> {
protected:
    void SetUp() override {
        lab_ = GetParam().make();
        if (lab_ == nullptr) GTEST_SKIP();
    }
    std::unique_ptr<lab> lab_;
};

TEST_P(channels, carry_words_and_descriptors_in_order) {
    auto both = models::channel::make();
    ASSERT_TRUE(both);
    models::channel near(std::move(both->near));
    models::channel far(std::move(both->far));
    notes heard;
    ASSERT_TRUE(far.listen(lab_->loop(), heard));
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const handle reading = kernel_handle(ends[0]);
    handle writing = kernel_handle(ends[1]);
    ASSERT_TRUE(near.send({.what = models::word::kind::connection, .engine = {}}, ends[1]));
    writing.reset();
    ASSERT_TRUE(near.send(
        {.what = models::word::kind::failed, .why = error::denied, .os = 13, .engine = {'x'}}));
    ASSERT_TRUE(lab_->until([&] { return heard.words.size() == 2; }));
    EXPECT_EQ(heard.words[1].why, error::denied);
    EXPECT_EQ(heard.words[1].os, 13);
    EXPECT_EQ(heard.words[1].engine[0], 'x');
    EXPECT_FALSE(heard.handles[1]);
    ASSERT_TRUE(heard.handles[0]);
    char got = 0;
    EXPECT_EQ(::write(static_cast<int>(heard.handles[0].value()), "!", 1), 1);
    EXPECT_EQ(::read(ends[0], &got, 1), 1);
    EXPECT_EQ(got, '!');
    heard.handles[0].reset();
    EXPECT_EQ(::read(ends[0], &got, 1), 0) << "nobody else holds it";
}

TEST_P(channels, say_when_they_are_full_and_when_they_end) {
    auto both = models::channel::make();
    ASSERT_TRUE(both);
    auto near = std::make_unique<models::channel>(std::move(both->near));
    models::channel far(std::move(both->far));
    std::size_t sent = 0;
    while (sent < 1'000'000 && near->send({.engine = {}})) ++sent;
    EXPECT_LT(sent, 1'000'000U);
    notes heard;
    ASSERT_TRUE(far.listen(lab_->loop(), heard));
    ASSERT_TRUE(lab_->until([&] { return heard.words.size() == sent; }));
    EXPECT_TRUE(near->send({.engine = {}}));
    EXPECT_EQ(heard.ends, 0);
    near.reset();
    ASSERT_TRUE(lab_->until([&] { return heard.ends == 1; }));
    EXPECT_EQ(heard.words.size(), sent + 1) << "what was said before is heard before";
    lab_->rest(20ms);
    EXPECT_EQ(heard.ends, 1);
}

INSTANTIATE_TEST_SUITE_P(on, channels, testing::ValuesIn(kernel_kinds), name_of);

TEST(accept_mutex, has_one_holder_at_a_time_and_survives_one_that_dies) {
    auto made = models::accept_mutex::make();
    ASSERT_TRUE(made);
    models::accept_mutex& mutex = **made;
    const pid_t child = ::fork();
    if (child == 0) ::_exit(mutex.try_lock() ? 0 : 1);  // and holds it for ever
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    ASSERT_TRUE(mutex.try_lock());
    const pid_t other = ::fork();
    if (other == 0) ::_exit(mutex.try_lock() ? 1 : 0);
    ASSERT_EQ(::waitpid(other, &status, 0), other);
    EXPECT_EQ(status, 0) << "held twice";
    mutex.unlock();
    ASSERT_TRUE(mutex.try_lock());
    mutex.unlock();
}

TEST(sockets, of_a_group_share_a_port_that_nobody_else_has) {
    model_options how;
    auto made = models::open_sockets(how, 3);
    ASSERT_TRUE(made);
    ASSERT_EQ(made->size(), 3U);
    const endpoint at = os::local_of(static_cast<int>(made->front().value()));
    for (const handle& one : *made) EXPECT_EQ(os::local_of(static_cast<int>(one.value())), at);
    how.port = at.port();
    const auto again = models::open_sockets(how, 2);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(), error::in_use);
}

TEST(sockets, are_steered_by_the_cpu_that_receives) {
    auto made = models::open_sockets({}, 4);
    ASSERT_TRUE(made);
    const int first = static_cast<int>(made->front().value());
    const endpoint at = os::local_of(first);
    const int cpu = permitted_cpus().front();
    // Workers 0, 1 and 3 are on other CPUs than this one.
    const std::vector<int> cpus{1000, 1001, cpu, 1002};
    ASSERT_TRUE(models::steer_by_cpu(first, cpus));
    const std::vector<int> before = permitted_cpus();
    ASSERT_TRUE(pin_this_thread(std::vector{cpu}));
    for (int i = 0; i < 20; ++i) {
        const handle caller = plain_connection(at.port());
        ASSERT_TRUE(caller);
        const int fresh =
            ::accept4(static_cast<int>((*made)[2].value()), nullptr, nullptr, SOCK_NONBLOCK);
        EXPECT_GE(fresh, 0) << "on the loopback the sender's CPU receives";
        ::close(fresh);
    }
    ASSERT_TRUE(pin_this_thread(before));
}

}  // namespace
}  // namespace nightjar::io::test
