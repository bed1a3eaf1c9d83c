// Children: what they get, what they say, how they end, and that nothing is left of them.
#include <nightjar/io/process.hpp>

#include "contract/suite.hpp"
#include "parts/folder.hpp"
#include "parts/part.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

namespace nightjar::io::test {
namespace {

using wiring = process_options::wiring;

class children : public part {
protected:
    void TearDown() override {
        child_.reset();
        EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left, dead or alive";
        EXPECT_EQ(errno, ECHILD);
    }
    /// Runs it to its end and keeps what it wrote.
    process::outcome run(const process_options& how) {
        process::outcome end{.code = -2};
        bool is_over = false;
        auto made = process::spawn(loop(), how, [&](const process::outcome& what) {
            end = what;
            is_over = true;
        });
        EXPECT_TRUE(made) << describe(made.error().what);
        if (!made) return end;
        child_ = std::move(*made);
        out_ = std::make_unique<tape>();
        if (child_->output() != nullptr) out_->hold(*child_->output());
        const bool is_piped = child_->output() != nullptr;
        EXPECT_TRUE(until([&] { return is_over && (!is_piped || !out_->closed.empty()); }));
        EXPECT_FALSE(child_->is_running());
        return end;
    }
    process::outcome shell(const std::string& script) {
        return run({.command = {"sh", "-c", script}, .output = wiring::piped});
    }

    std::unique_ptr<tape> out_;
    std::unique_ptr<process> child_;
};

TEST_P(children, run_with_their_arguments_and_say_how_they_ended) {
    EXPECT_EQ(shell("echo hello; exit 3").code, 3);
    EXPECT_EQ(out_->got, "hello\n");
    const auto end = run({.command = {"printf", "%s|", "a b", "", "*"}, .output = wiring::piped});
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.signal, 0);
    EXPECT_EQ(out_->got, "a b||*|");
}

TEST_P(children, have_the_environment_and_the_directory_they_are_given) {
    folder home;
    const std::string script = "echo $NIGHTJAR_TEST; pwd; echo ${PATH:-none}";
    const auto end = run({.command = {"/bin/sh", "-c", script},
                          .environment = std::vector<std::string>{"NIGHTJAR_TEST=yes", "PATH="},
                          .directory = home.path(),
                          .output = wiring::piped});
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(out_->got, "yes\n" + std::filesystem::canonical(home.path()).string() + "\nnone\n");
}

TEST_P(children, an_empty_environment_is_empty) {
    const auto end = run({.command = {"/usr/bin/env"},
                          .environment = std::vector<std::string>{},
                          .output = wiring::piped});
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(out_->got, "");
}

TEST_P(children, read_and_write_through_pipes) {
    process::outcome end{.code = -2};
    auto made = process::spawn(
        loop(), {.command = {"cat"}, .input = wiring::piped, .output = wiring::piped},
        [&](const process::outcome& what) { end = what; });
    ASSERT_TRUE(made);
    tape in, out;
    in.hold(*(*made)->input());
    out.hold(*(*made)->output());
    const std::string text = pattern(500'000);
    in.say(text);
    (*made)->input()->shutdown();
    ASSERT_TRUE(until([&] { return !out.closed.empty() && end.code != -2; }));
    EXPECT_TRUE(out.got == text);
    EXPECT_EQ(end.code, 0);
}

TEST_P(children, errors_have_a_pipe_of_their_own) {
    auto made = process::spawn(loop(),
                               {.command = {"sh", "-c", "echo out; echo err >&2"},
                                .output = wiring::piped,
                                .errors = wiring::piped},
                               {});
    ASSERT_TRUE(made);
    tape out, err;
    out.hold(*(*made)->output());
    err.hold(*(*made)->errors());
    ASSERT_TRUE(until(
        [&] { return !out.closed.empty() && !err.closed.empty() && !(*made)->is_running(); }));
    EXPECT_EQ(out.got, "out\n");
    EXPECT_EQ(err.got, "err\n");
}

TEST_P(children, that_cannot_start_say_why) {
    const auto why = [&](const process_options& how) {
        const auto made = process::spawn(loop(), how, {});
        return made ? error(error::none) : made.error();
    };
    EXPECT_EQ(why({.command = {"/no/such/program"}}), error::not_found);
    EXPECT_EQ(why({.command = {"no-such-program-anywhere"}}), error::not_found);
    EXPECT_EQ(why({.command = {"/etc/passwd"}}), error::denied);
    EXPECT_EQ(why({.command = {"true"}, .directory = "/no/such/place"}), error::not_found);
    EXPECT_EQ(why({.command = {}}), error::invalid);
    EXPECT_EQ(why({.command = {std::string("tr\0ue", 5)}}), error::invalid);
    EXPECT_EQ(why({.command = {"true"}, .descriptors = {{1, 0}}}), error::invalid);
}

TEST_P(children, can_be_killed_and_say_by_what) {
    process::outcome end{.code = -2};
    auto made = process::spawn(loop(), {.command = {"sleep", "100"}},
                               [&](const process::outcome& what) { end = what; });
    ASSERT_TRUE(made);
    EXPECT_TRUE((*made)->is_running());
    EXPECT_TRUE((*made)->send_signal(0));
    EXPECT_TRUE((*made)->send_signal(SIGTERM));
    ASSERT_TRUE(until([&] { return end.code != -2; }));
    EXPECT_EQ(end.signal, SIGTERM);
    EXPECT_EQ((*made)->send_signal(SIGTERM).error(), error::not_found);
}

TEST_P(children, end_with_the_object_that_holds_them) {
    auto made = process::spawn(loop(), {.command = {"sleep", "100"}}, [](auto&) { FAIL(); });
    ASSERT_TRUE(made);
    const int number = (*made)->id();
    EXPECT_EQ(::kill(number, 0), 0);
    made->reset();
    EXPECT_EQ(::kill(number, 0), -1);
    lab_->rest(10ms);
}

TEST_P(children, may_be_let_go_of_in_their_own_callback) {
    std::unique_ptr<process> child;
    bool is_over = false;
    auto made = process::spawn(loop(), {.command = {"true"}}, [&](auto&) {
        child.reset();
        is_over = true;
    });
    ASSERT_TRUE(made);
    child = std::move(*made);
    ASSERT_TRUE(until([&] { return is_over; }));
}

TEST_P(children, get_no_descriptor_that_is_not_meant_for_them) {
    const int leaky = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a foreign library's
    ASSERT_GE(leaky, 0);
    EXPECT_EQ(shell("ls /proc/self/fd | tr '\\n' ' '").code, 0);
    EXPECT_EQ(out_->got, "0 1 2 3 ") << "3 is the directory that ls reads";
    ::close(leaky);
}

TEST_P(children, get_the_descriptors_that_are_in_any_arrangement) {
    auto first = make_pipe(), second = make_pipe();
    ASSERT_TRUE(first && second);
    const int a = static_cast<int>(first->writing.value());
    const int b = static_cast<int>(second->writing.value());
    // Each is the other's number, so that one after the other would overwrite.
    const std::string script =
        "echo one >&" + std::to_string(b) + "; echo two >&" + std::to_string(a);
    const auto end = run({.command = {"bash", "-c", script}, .descriptors = {{b, a}, {a, b}}});
    EXPECT_EQ(end.code, 0);
    char room[16]{};
    ASSERT_EQ(::read(static_cast<int>(first->reading.value()), room, sizeof room), 4);
    EXPECT_EQ(std::string(room, 4), "one\n");
    ASSERT_EQ(::read(static_cast<int>(second->reading.value()), room, sizeof room), 4);
    EXPECT_EQ(std::string(room, 4), "two\n");
}

TEST_P(children, begin_with_default_signals) {
    sigset_t before, all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    const auto ignored = ::signal(SIGUSR1, SIG_IGN);
    // Not by a shell, which may clear the mask for what it runs.
    const auto end = run(
        {.command = {"grep", "-E", "SigBlk|SigIgn", "/proc/self/status"}, .output = wiring::piped});
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGUSR1, ignored);
    EXPECT_EQ(end.code, 0);
    // 32 and 33 are the C library's own, which it leaves ignored if it has used them before.
    const auto mask_of = [&](std::string_view name) {
        const auto at = out_->got.find(name);
        return at == std::string::npos ? ~0ULL : std::stoull(out_->got.substr(at + 8), nullptr, 16);
    };
    EXPECT_EQ(mask_of("SigBlk:"), 0U);
    EXPECT_EQ(mask_of("SigIgn:") & ~0x1'8000'0000ULL, 0U);
}

TEST_P(children, change_who_they_are_only_if_they_may) {
    if (::geteuid() == 0) {
        const auto end = run({.command = {"sh", "-c", "id -u; id -g; id -G"},
                              .user = 65534,
                              .group = 65533,
                              .output = wiring::piped});
        EXPECT_EQ(end.code, 0);
        EXPECT_EQ(out_->got, "65534\n65533\n65533\n");
        EXPECT_EQ(::geteuid(), 0U) << "ours is the same";
    } else {
        EXPECT_EQ(process::spawn(loop(), {.command = {"true"}, .user = 0}, {}).error(),
                  error::denied);
    }
}

TEST_P(children, many_leave_nothing_behind) {
    const std::size_t before = open_descriptors();
    int over = 0;
    {
        std::vector<std::unique_ptr<process>> all;
        for (int i = 0; i < 40; ++i) {
            auto made = process::spawn(loop(),
                                       {.command = {"sh", "-c", "exit " + std::to_string(i)},
                                        .input = wiring::piped,
                                        .output = wiring::piped},
                                       [&, i](const process::outcome& end) {
                                           EXPECT_EQ(end.code, i);
                                           ++over;
                                       });
            ASSERT_TRUE(made);
            all.push_back(std::move(*made));
        }
        ASSERT_TRUE(until([&] { return over == 40; }));
    }
    lab_->rest(1ms);
    EXPECT_EQ(open_descriptors(), before);
}

TEST_P(children, a_detached_one_is_no_child) {
    folder home;
    const auto number =
        process::spawn_detached({.command = {"sh", "-c", "echo $$ > mine.tmp; mv mine.tmp mine"},
                                 .directory = home.path()});
    ASSERT_TRUE(number);
    EXPECT_EQ(::waitpid(*number, nullptr, WNOHANG), -1);
    ASSERT_TRUE(until([&] { return home.has("mine"); }));
    EXPECT_EQ(home.get("mine"), std::to_string(*number) + "\n");
    EXPECT_EQ(process::spawn_detached({.command = {"/no/such"}}).error(), error::not_found);
    EXPECT_EQ(process::spawn_detached({.command = {"true"}, .output = wiring::piped}).error(),
              error::invalid);
}

INSTANTIATE_TEST_SUITE_P(on, children, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
