#include "reading.hpp"

// What this version cannot do: said, and never passed over.

namespace nightjar::broker::config {
namespace {

class protecting : public testing::TestWithParam<std::string_view> {};

/// An option that protects must stop the start, whatever its value, in every scope.
TEST_P(protecting, stops_the_start) {
    const std::string line = std::string(GetParam()) + " something\n";
    for (const auto& text :
         {line, "listener 1\n" + line, "per_listener_settings true\nlistener 1\n" + line}) {
        EXPECT_TRUE(
            contains(error_of(text), std::string(GetParam()) + ": not supported in this version: "))
            << text;
    }
    EXPECT_FALSE(read("", {{std::string(GetParam()), "something"}}).ok());
}

INSTANTIATE_TEST_SUITE_P(
    all, protecting,
    testing::Values("password_file", "acl_file", "psk_file", "cafile", "capath", "certfile",
                    "keyfile", "crlfile", "ciphers", "ciphers_tls1.3", "tls_version", "psk_hint",
                    "require_certificate", "use_identity_as_username", "use_subject_as_username",
                    "plugin", "global_plugin", "plugin_load", "plugin_use", "auth_plugin",
                    "auth_plugin_deny_special_chars", "plugin_opt_config_file", "auth_opt_db",
                    "enable_proxy_protocol", "proxy_protocol_v2_require_tls", "websockets_origin"));

TEST(unsupported, the_sentence_has_file_line_option_and_a_way_out) {
    const auto said = error_of("listener 1\n\npassword_file /etc/p\n");
    EXPECT_TRUE(said.starts_with("t.conf:3: password_file: not supported in this version: "))
        << said;
    EXPECT_TRUE(contains(said, "remove the line")) << said;
}

TEST(unsupported, a_protecting_option_does_not_need_a_value_to_stop_the_start) {
    EXPECT_FALSE(read("acl_file").ok());
}

TEST(unsupported, persistence_stops_the_start_unless_false) {
    EXPECT_TRUE(contains(error_of("persistence true"), "sessions live in memory in this version"));
    EXPECT_TRUE(contains(error_of("persistence 1"), "sessions live in memory in this version"));
    EXPECT_TRUE(contains(error_of("persistence maybe"), "sessions live in memory in this version"));
    EXPECT_TRUE(read("persistence false").diagnostics.empty());
    EXPECT_TRUE(read("persistence 0").diagnostics.empty());
    EXPECT_FALSE(read("retained_persistence true").ok());
}

TEST(unsupported, what_asks_for_nothing_is_fine) {
    for (const auto text : {"require_certificate false", "use_identity_as_username false",
                            "enable_control_api false", "mptcp false"}) {
        EXPECT_TRUE(read(text).diagnostics.empty()) << text;
    }
}

TEST(unsupported, a_bridge_stops_the_start_line_by_line) {
    const auto made = read("connection one\naddress a:1883\ntopic # both 0\n");
    EXPECT_EQ(count(made, severity::error), 3u);
}

TEST(unsupported, prefixes_take_any_further_characters) {
    EXPECT_TRUE(contains(error_of("plugin_opt_x y"), "plugin_opt_x: not supported"));
    EXPECT_TRUE(contains(error_of("plugin_opt_ y"), "unknown option"));
}

TEST(harmless, gives_a_warning_with_the_reason) {
    EXPECT_EQ(warning_of("\nautosave_interval 60\n"),
              "t.conf:2: warning: autosave_interval: has no effect: sessions live in memory in "
              "this version, so nothing is "
              "written");
    EXPECT_TRUE(
        read("autosave_interval 60\nretry_interval 20\npersistence_location /var/lib/x\n").ok());
}

TEST(table, every_row_that_does_not_work_says_why) {
    for (const option& one : options()) {
        EXPECT_FALSE(one.help.empty()) << one.name;
        EXPECT_EQ(one.what == status::works, one.read != nullptr) << one.name;
        if (one.what == status::works) continue;
        EXPECT_FALSE(one.help.ends_with('.')) << one.name << ": the help adds it";
    }
}

}  // namespace
}  // namespace nightjar::broker::config
