#include "reading.hpp"

namespace nightjar::broker::config {
namespace {

TEST(syntax, a_line_is_a_name_and_a_value) {
    EXPECT_EQ(value_of("max_keepalive 60\n").max_keepalive, 60);
}

TEST(syntax, the_last_line_needs_no_end) {
    EXPECT_EQ(value_of("max_keepalive 60").max_keepalive, 60);
}

TEST(syntax, blanks_around_and_between_do_not_matter) {
    EXPECT_EQ(value_of(" \t max_keepalive \t  60 \t \n").max_keepalive, 60);
}

TEST(syntax, lines_may_end_as_windows_ends_them) {
    const auto value = value_of("max_keepalive 60\r\nsys_interval 7\r\n\r\npid_file /run/a b\r\n");
    EXPECT_EQ(value.max_keepalive, 60);
    EXPECT_EQ(value.sys_interval.count(), 7);
    EXPECT_EQ(value.pid_file, "/run/a b");
}

TEST(syntax, a_byte_order_mark_is_skipped_at_the_front_only) {
    EXPECT_EQ(value_of("\xEF\xBB\xBFmax_keepalive 60\n").max_keepalive, 60);
    EXPECT_TRUE(contains(error_of("\n\xEF\xBB\xBFmax_keepalive 60\n"), "t.conf:2: "));
}

TEST(syntax, a_comment_starts_at_the_beginning_of_a_line) {
    EXPECT_EQ(value_of("# max_keepalive 1\n  \t# nonsense\n#\nmax_keepalive 60\n").max_keepalive,
              60);
    EXPECT_EQ(value_of("pid_file /run/a #b\n").pid_file, "/run/a #b");
}

TEST(syntax, a_comment_behind_a_value_is_explained) {
    EXPECT_EQ(error_of("\nmax_keepalive 60 # a minute\n"),
              "t.conf:2: max_keepalive: expected a whole number from 0 to 65535, found \"60 # a "
              "minute\" (a # starts a "
              "comment only at the beginning of a line)");
}

TEST(syntax, values_keep_the_blanks_within) {
    EXPECT_EQ(value_of("pid_file  /run/a  b\tc \n").pid_file, "/run/a  b\tc");
}

TEST(syntax, a_name_without_a_value_is_an_error) {
    EXPECT_TRUE(contains(error_of("max_keepalive\n"), "found nothing"));
    EXPECT_TRUE(contains(error_of("pid_file \t\n"), "found nothing"));
    EXPECT_TRUE(contains(error_of("allow_anonymous"), "expected true or false, found nothing"));
}

TEST(syntax, names_are_case_sensitive_as_in_mosquitto) {
    EXPECT_TRUE(
        contains(error_of("Max_Keepalive 60"), "unknown option; did you mean max_keepalive?"));
}

TEST(syntax, a_line_has_a_limit) {
    const auto line = [&](std::size_t size) {
        return "#" + std::string(size - 1, 'x') + "\nmax_keepalive 60\n";
    };
    EXPECT_EQ(value_of(line(line_max)).max_keepalive, 60);
    const auto made = read(line(line_max + 1));
    EXPECT_EQ(count(made, severity::error), 1u);
    EXPECT_EQ(format(made.diagnostics.front()), "t.conf:1: a line of more than 65536 bytes");
    EXPECT_EQ(made.value.max_keepalive, 60) << "the next line is read all the same";
}

TEST(syntax, control_characters_are_refused) {
    EXPECT_EQ(error_of("pid_file /run/a\x1b[31m"), "t.conf:1: a control character within the line");
    EXPECT_EQ(error_of(std::string_view("pid_file /run/a\0b", 17)),
              "t.conf:1: a control character within the line");
}

TEST(syntax, long_values_are_cut_in_sentences) {
    const auto said = error_of("max_keepalive " + std::string(1000, '7'));
    EXPECT_TRUE(contains(said, "(1000 bytes)")) << said;
    EXPECT_LT(said.size(), 200u);
}

TEST(syntax, every_line_is_judged) {
    const auto made = read("max_keepalive x\nsys_interval 5\nmax_queued_messages y\n");
    ASSERT_EQ(made.diagnostics.size(), 2u);
    EXPECT_EQ(made.diagnostics[0].line, 1u);
    EXPECT_EQ(made.diagnostics[1].line, 3u);
    EXPECT_EQ(made.value.sys_interval.count(), 5);
    EXPECT_EQ(made.value.max_keepalive, 0) << "a bad value changes nothing";
}

TEST(syntax, diagnostics_have_a_limit) {
    std::string text;
    for (std::size_t i = 0; i < diagnostics_max + 10; ++i) text += "nonsense\n";
    const auto made = read(text);
    EXPECT_EQ(made.diagnostics.size(), diagnostics_max + 1);
    EXPECT_FALSE(made.ok());
}

TEST(syntax, warnings_beyond_the_limit_do_not_stop_the_start_but_errors_do) {
    std::string text;
    for (std::size_t i = 0; i < diagnostics_max + 10; ++i) text += "autosave_interval 1\n";
    EXPECT_TRUE(read(text).ok());
    EXPECT_FALSE(read(text + "password_file /x\n").ok());
}

TEST(syntax, an_option_given_twice_is_warned_about_and_the_last_counts) {
    const std::string text = "max_keepalive 60\n\nmax_keepalive 70\n";
    EXPECT_EQ(warning_of(text),
              "t.conf:3: warning: max_keepalive: given before, at t.conf:1; the last one counts");
    EXPECT_EQ(value_of(text).max_keepalive, 70);
}

TEST(syntax, a_text_given_twice_is_an_error_as_in_mosquitto) {
    EXPECT_EQ(error_of("pid_file /a\npid_file /b\n"),
              "t.conf:2: pid_file: given before, at t.conf:1; remove one of the two");
    EXPECT_TRUE(read("pid_file /a\n", {{"pid_file", "/b"}}).ok()) << "the command line wins";
    EXPECT_TRUE(read("listener 1\nmount_point a\nlistener 2\nmount_point b\n").ok());
}

TEST(syntax, the_same_option_of_two_listeners_is_not_given_twice) {
    EXPECT_EQ(warning_of("listener 1\nmax_qos 1\nlistener 2\nmax_qos 1\n"), "");
}

TEST(nearest, a_slip_is_recognised) {
    EXPECT_EQ(nearest_option("max_keepalve"), "max_keepalive");
    EXPECT_EQ(nearest_option("listner"), "listener");
    EXPECT_EQ(nearest_option("alow_anonymus"), "allow_anonymous");
    EXPECT_EQ(nearest_option("pasword_file"), "password_file");
}

TEST(nearest, what_is_far_away_is_not) {
    EXPECT_EQ(nearest_option("completely_else_and_more"), "");
    EXPECT_EQ(nearest_option("x"), "");
    EXPECT_EQ(nearest_option(""), "");
    EXPECT_EQ(nearest_option(std::string(10000, 'a')), "");
}

TEST(nearest, is_in_the_sentence) {
    EXPECT_EQ(error_of("max_keepalve 60"),
              "t.conf:1: max_keepalve: unknown option; did you mean max_keepalive?");
    EXPECT_EQ(error_of("completely_else_and_more 60"),
              "t.conf:1: completely_else_and_more: unknown option");
}

TEST(command_line, wins_over_the_file_without_a_warning) {
    const auto made = read("max_keepalive 60\n", {{"max_keepalive", "70"}});
    EXPECT_TRUE(made.diagnostics.empty()) << check_report(made, "");
    EXPECT_EQ(made.value.max_keepalive, 70);
}

TEST(command_line, mistakes_have_no_file) {
    const auto made = read("", {{"max_keepalive", "x"}, {"max_keepalve", "1"}});
    ASSERT_EQ(made.diagnostics.size(), 2u);
    EXPECT_EQ(format(made.diagnostics[0]),
              "command line: max_keepalive: expected a whole number from 0 to 65535, found \"x\"");
    EXPECT_TRUE(contains(format(made.diagnostics[1]), "did you mean"));
}

TEST(command_line, a_port_opens_the_default_listener_beside_the_file_s) {
    const auto made = read("listener 1000\nmax_qos 1\n", {{"port", "2000"}, {"max_qos", "0"}});
    ASSERT_EQ(made.value.listeners.size(), 2u);
    EXPECT_EQ(made.value.listeners[0].port, 2000);
    EXPECT_EQ(made.value.listeners[0].max_qos, 0);
    EXPECT_EQ(made.value.listeners[1].max_qos, 1);
}

TEST(command_line, an_argument_is_taken_apart) {
    EXPECT_EQ(as_setting("a=b").name, "a");
    EXPECT_EQ(as_setting("a=b").value, "b");
    EXPECT_EQ(as_setting("a b=c").value, "b=c");
    EXPECT_EQ(as_setting("a = b").name, "a");
    EXPECT_EQ(as_setting("a").value, "");
    EXPECT_EQ(as_setting("").name, "");
}

}  // namespace
}  // namespace nightjar::broker::config
