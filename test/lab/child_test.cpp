#include "lab/child.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "lab/process_tree.hpp"

namespace nightjar::app::lab {
namespace {

const giving_up never_give_up = [] { return false; };

child shell(const std::string& script, std::vector<int> processors = {}) {
    auto made =
        child::start({.words = {"/bin/sh", "-c", script}, .processors = std::move(processors)});
    EXPECT_TRUE(made);
    return std::move(*made);
}

TEST(Child, SaysItsLinesOneByOne) {
    child one = shell("echo first; echo second; printf cut");
    EXPECT_EQ(one.line(5s, never_give_up), "first");
    EXPECT_EQ(one.line(5s, never_give_up), "second");
    EXPECT_EQ(one.line(5s, never_give_up), std::nullopt);
}

TEST(Child, IsNotWaitedForLongerThanAsked) {
    child one = shell("sleep 60");
    EXPECT_EQ(one.line(30ms, never_give_up), std::nullopt);
    EXPECT_EQ(one.line(60s, [] { return true; }), std::nullopt);
    EXPECT_FALSE(one.has_ended());
}

TEST(Child, HasLastWords) {
    child one = shell("echo it hurts >&2; echo more >&2; exit 3");
    ASSERT_TRUE(one.ends_within(5s));
    EXPECT_EQ(one.last_words(), "ended with code 3: it hurts");
    child two = shell("kill -9 $$");
    ASSERT_TRUE(two.ends_within(5s));
    EXPECT_EQ(two.last_words(), "was ended by signal 9");
}

TEST(Child, EndsWithAllThatItStarted) {
    int grandchild = 0;
    {
        child one =
            shell("trap '' TERM; sh -c \"trap '' TERM; echo \\$\\$; while :; do sleep 1; done\"");
        const auto line = one.line(5s, never_give_up);
        ASSERT_TRUE(line);
        grandchild = std::stoi(*line);
        ASSERT_EQ(::kill(grandchild, 0), 0);
    }
    // It may be nobody's child by now and not yet reaped by init: what counts is that it has ended.
    bool has_ended = false;
    for (int i = 0; i < 500 && !has_ended; ++i) {
        has_ended = ::kill(grandchild, 0) != 0 || memory_of({grandchild}) == 0;
        if (!has_ended) ::usleep(10'000);
    }
    EXPECT_TRUE(has_ended);
}

TEST(Child, HasNoSignalsHeldBack) {
    sigset_t held, before;
    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &held, &before);
    auto one = child::start({.words = {"/bin/sleep", "60"}});  // a shell would let go of them
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ASSERT_TRUE(one);
    one->signal(SIGTERM);
    EXPECT_TRUE(one->ends_within(5s));
}

TEST(ProcessTree, HasTheDescendantsAndTheirTime) {
    child one = shell(
        "sh -c 'echo up; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; sleep 60' & wait");
    ASSERT_TRUE(one.line(5s, never_give_up));
    const auto processes = tree_of(one.pid());
    ASSERT_GE(processes.size(), 2U);
    EXPECT_EQ(processes.front(), one.pid());
    EXPECT_GT(memory_of(processes), memory_of({one.pid()}));
    ::usleep(200'000);
    EXPECT_GT(used_between({}, times_of(processes)), 1ms);
}

TEST(ProcessTree, CountsWhatWasUsedSinceAndANewProcessWhole) {
    const processor_times before{{1, 10ms}, {2, 20ms}};
    EXPECT_EQ(used_between(before, {{1, 15ms}, {2, 20ms}, {3, 4ms}}), 9ms);
    EXPECT_EQ(used_between(before, {{1, 15ms}}), 5ms);
}

}  // namespace
}  // namespace nightjar::app::lab
