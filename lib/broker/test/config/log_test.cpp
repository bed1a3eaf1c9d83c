#include "reading.hpp"

namespace nightjar::broker::config {
namespace {

log_config log_of(std::string_view text) { return value_of(text).log; }

TEST(log_dest, the_first_one_replaces_the_default) {
    EXPECT_TRUE(log_of("").to_stderr);
    const auto log = log_of("log_dest stdout\n");
    EXPECT_TRUE(log.to_stdout);
    EXPECT_FALSE(log.to_stderr);
}

TEST(log_dest, further_ones_add_up) {
    const auto log = log_of(
        "log_dest stdout\nlog_dest stderr\nlog_dest syslog\nlog_dest topic\nlog_dest file "
        "/var/log/a b\n");
    EXPECT_TRUE(log.to_stdout && log.to_stderr && log.to_syslog && log.to_topic);
    EXPECT_EQ(log.file, "/var/log/a b");
}

TEST(log_dest, none_takes_all_back) {
    const auto log = log_of("log_dest stdout\nlog_dest file /a\nlog_dest none\n");
    EXPECT_FALSE(log.to_stdout || log.to_stderr || log.to_syslog || log.to_topic);
    EXPECT_EQ(log.file, "");
}

TEST(log_dest, garbage_is_refused) {
    for (const std::string garbage :
         {"", "stdou", "file", "dlt", "stdout stderr", "none x", "/var/log/x"}) {
        EXPECT_TRUE(contains(error_of("log_dest " + garbage),
                             "log_dest: expected one of: stdout, stderr, file PATH"))
            << garbage;
    }
    EXPECT_TRUE(
        contains(error_of("log_dest file /a\nlog_dest file /b"), "there is a file already"));
}

TEST(log_dest, garbage_leaves_the_default) { EXPECT_TRUE(read("log_dest x").value.log.to_stderr); }

TEST(log_dest, the_command_line_replaces_the_file_s) {
    const auto log =
        read("log_dest file /a\n", {{"log_dest", "stdout"}, {"log_dest", "topic"}}).value.log;
    EXPECT_TRUE(log.to_stdout && log.to_topic);
    EXPECT_EQ(log.file, "");
}

TEST(log_type, the_first_one_replaces_the_default_and_further_ones_add_up) {
    using type = log_config::type;
    EXPECT_EQ(log_of("").types,
              std::uint32_t{type::error | type::warning | type::notice | type::information});
    EXPECT_EQ(log_of("log_type debug").types, std::uint32_t{type::debug});
    EXPECT_EQ(log_of("log_type debug\nlog_type error").types,
              std::uint32_t{type::debug | type::error});
    EXPECT_EQ(log_of("log_type all").types, std::uint32_t{type::all});
    EXPECT_EQ(log_of("log_type debug\nlog_type none").types, 0u);
}

TEST(log_type, every_name_is_a_bit_of_its_own) {
    std::uint32_t seen = 0;
    for (const std::string name : {"error", "warning", "notice", "information", "subscribe",
                                   "unsubscribe", "debug", "websockets"}) {
        const auto bit = log_of("log_type " + name).types;
        EXPECT_NE(bit, 0u) << name;
        EXPECT_EQ(seen & bit, 0u) << name;
        seen |= bit;
    }
    EXPECT_EQ(seen, std::uint32_t{log_config::all});
}

TEST(log_type, garbage_is_refused) {
    for (const std::string garbage : {"", "errors", "error warning"}) {
        EXPECT_TRUE(
            contains(error_of("log_type " + garbage), "log_type: expected one of: error, warning"))
            << garbage;
    }
}

TEST(log, the_rest) {
    const auto log = log_of(
        "log_timestamp false\nlog_timestamp_format %Y-%m-%dT%H:%M:%S\nconnection_messages false\n");
    EXPECT_FALSE(log.timestamp);
    EXPECT_EQ(log.timestamp_format, "%Y-%m-%dT%H:%M:%S");
    EXPECT_FALSE(log.connection_messages);
}

}  // namespace
}  // namespace nightjar::broker::config
