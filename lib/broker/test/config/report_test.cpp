#include "reading.hpp"

namespace nightjar::broker::config {
namespace {

TEST(report, a_diagnostic_is_a_line_that_editors_understand) {
    EXPECT_EQ(format({severity::error, "nightjar.conf", 12, "max_keepalive", "expected x"}),
              "nightjar.conf:12: max_keepalive: expected x");
    EXPECT_EQ(format({severity::warning, "nightjar.conf", 12, "a", "b"}),
              "nightjar.conf:12: warning: a: b");
    EXPECT_EQ(format({severity::error, "nightjar.conf", 0, "", "b"}), "nightjar.conf: b");
    EXPECT_EQ(format({severity::error, "", 0, "a", "b"}), "command line: a: b");
}

TEST(report, a_check_ends_with_a_summary) {
    EXPECT_EQ(check_report(read("max_keepalive abc\nautosave_interval 1\nlog_type x\n"), "t.conf"),
              "t.conf:1: max_keepalive: expected a whole number from 0 to 65535, found \"abc\"\n"
              "t.conf:2: warning: autosave_interval: has no effect: sessions live in memory in "
              "this version, so nothing is "
              "written\n"
              "t.conf:3: log_type: expected one of: error, warning, notice, information, "
              "subscribe, unsubscribe, debug, "
              "websockets, all, none, found \"x\"\n"
              "t.conf: not usable: 2 errors, 1 warning\n");
    EXPECT_EQ(check_report(read(""), "t.conf"), "t.conf: ok: 0 errors, 0 warnings\n");
}

void expect_round_trip(std::string_view text) {
    const auto value = value_of(text);
    const auto again = read(render(value));
    EXPECT_TRUE(again.ok()) << check_report(again, "rendered");
    EXPECT_EQ(again.value, value) << render(value);
}

TEST(render, says_the_same_again) {
    expect_round_trip("");
    expect_round_trip("allow_anonymous false\nmax_qos 1\nsocket_domain ipv4\n");
    expect_round_trip("listener 1\n");
    expect_round_trip(
        "port 5\nbind_address ::1\nlistener 0 /run/a b\nallow_anonymous true\nlistener 7 "
        "a\nmax_qos 0\n");
    expect_round_trip(
        "listener 1\nlistener_allow_anonymous true\nlistener 2\nlistener_auto_id_prefix q\n");
    expect_round_trip("per_listener_settings true\nlistener 1\nallow_anonymous true\nlistener 2\n");
    expect_round_trip("log_dest none\nlog_type none\n");
    expect_round_trip(
        "log_dest file /a b\nlog_dest topic\nlog_type all\nlog_timestamp_format %H\n");
    expect_round_trip(
        "workers 3\nengine io_uring\npersistent_client_expiration 3w\npid_file "
        "/x\nmax_queued_bytes 77\n");
}

TEST(help, names_every_option) {
    const auto text = help_text();
    const auto page = help_markdown();
    for (const option& one : options()) {
        EXPECT_TRUE(contains(text, "\n" + std::string(one.name) + "\n")) << one.name;
        const auto heading = "### " + std::string(one.name) + "\n";
        const auto cell = "| `" + std::string(one.name) + "` |";
        EXPECT_TRUE(contains(page, one.what == status::works ? heading : cell)) << one.name;
    }
}

TEST(help, fits_a_terminal) {
    std::size_t column = 0;
    for (const char c : help_text()) {
        column = c == '\n' ? 0 : column + 1;
        ASSERT_LE(column, 80u);
    }
}

TEST(help, says_limits_and_defaults) {
    EXPECT_TRUE(
        contains(help_markdown(), "global; a whole number from 20 to 268435460; default 2000000."));
    EXPECT_TRUE(
        contains(help_markdown(),
                 "global; a whole number from 0 to 64, or auto; default 0; a change takes a "
                 "restart."));
}

}  // namespace
}  // namespace nightjar::broker::config
