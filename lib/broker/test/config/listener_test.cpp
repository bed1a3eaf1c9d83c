#include "reading.hpp"

namespace nightjar::broker::config {
namespace {

void expect_loopback(const broker_config& value) {
    EXPECT_TRUE(value.loopback_only);
    ASSERT_EQ(value.listeners.size(), 2u);
    EXPECT_EQ(value.listeners[0].address, "127.0.0.1");
    EXPECT_EQ(value.listeners[1].address, "::1");
    for (const auto& one : value.listeners) EXPECT_EQ(one.port, 1883);
}

TEST(listeners, without_a_file_loopback_is_open_to_all) {
    const auto made = defaults();
    EXPECT_TRUE(made.diagnostics.empty());
    expect_loopback(made.value);
    for (const auto& one : made.value.listeners) EXPECT_TRUE(one.security.allow_anonymous);
}

TEST(listeners, a_file_without_a_listener_stays_on_loopback) {
    const auto value = value_of("max_keepalive 60\n");
    expect_loopback(value);
    EXPECT_TRUE(value.listeners[1].security.allow_anonymous);
}

TEST(listeners, loopback_takes_the_default_listener_s_options) {
    const auto value = value_of("max_qos 1\nallow_anonymous false\n");
    expect_loopback(value);
    for (const auto& one : value.listeners) {
        EXPECT_EQ(one.max_qos, 1);
        EXPECT_FALSE(one.security.allow_anonymous);
    }
}

TEST(listeners, socket_domain_halves_loopback) {
    const auto value = value_of("socket_domain ipv6\n");
    ASSERT_EQ(value.listeners.size(), 1u);
    EXPECT_EQ(value.listeners[0].address, "::1");
}

TEST(listeners, a_named_one_binds_everything_and_refuses_strangers) {
    for (const auto text : {"listener 1884\n", "port 1884\n"}) {
        const auto value = value_of(text);
        ASSERT_EQ(value.listeners.size(), 1u);
        EXPECT_FALSE(value.loopback_only);
        EXPECT_EQ(value.listeners[0].port, 1884);
        EXPECT_EQ(value.listeners[0].address, "");
        EXPECT_FALSE(value.listeners[0].security.allow_anonymous);
    }
}

TEST(listeners, allow_anonymous_opens_all_of_them) {
    const auto value = value_of("listener 1\nallow_anonymous true\nlistener 2\n");
    for (const auto& one : value.listeners) EXPECT_TRUE(one.security.allow_anonymous);
}

TEST(listeners, a_listener_that_nobody_can_use_is_warned_about_once) {
    const auto made = read("listener 1\nlistener 2\n");
    EXPECT_TRUE(made.ok());
    ASSERT_EQ(made.diagnostics.size(), 1u);
    EXPECT_TRUE(contains(format(made.diagnostics[0]),
                         "t.conf: warning: allow_anonymous: listener 1 refuses"));
    EXPECT_TRUE(read("listener 1\nallow_anonymous true\n").diagnostics.empty());
}

TEST(listeners, may_have_an_address) {
    const auto value = value_of(
        "listener 1884 192.0.2.1\nlistener 1884 2001:db8::1\nlistener 1885  mqtt.example\n");
    ASSERT_EQ(value.listeners.size(), 3u);
    EXPECT_EQ(value.listeners[0].address, "192.0.2.1");
    EXPECT_EQ(value.listeners[1].address, "2001:db8::1");
    EXPECT_EQ(value.listeners[2].address, "mqtt.example");
}

TEST(listeners, port_0_is_a_unix_socket) {
    const auto value = value_of("listener 0 /run/night jar.sock\n");
    ASSERT_EQ(value.listeners.size(), 1u);
    EXPECT_EQ(value.listeners[0].port, 0);
    EXPECT_EQ(value.listeners[0].unix_path, "/run/night jar.sock");
    EXPECT_EQ(value.listeners[0].address, "");
    EXPECT_TRUE(contains(error_of("listener 0\n"), "needs its path"));
}

TEST(listeners, a_unix_socket_s_path_has_a_limit) {
    EXPECT_EQ(value_of("listener 0 /" + std::string(unix_path_max - 1, 'x')).listeners.size(), 1u);
    EXPECT_TRUE(
        contains(error_of("listener 0 /" + std::string(unix_path_max, 'x')), "at most 107 bytes"));
}

TEST(listeners, ports_have_a_range) {
    EXPECT_EQ(value_of("listener 65535").listeners[0].port, 65535);
    EXPECT_EQ(value_of("port 1").listeners[0].port, 1);
    for (const std::string garbage : {"", "-1", "65536", "abc", "1883x", "1883 a b", "00x"}) {
        EXPECT_TRUE(contains(error_of("listener " + garbage), "expected PORT [ADDRESS]"))
            << garbage;
    }
    for (const std::string garbage : {"", "0", "-1", "65536", "abc", "1883 127.0.0.1"}) {
        EXPECT_TRUE(
            contains(error_of("port " + garbage), "expected a whole number from 1 to 65535"))
            << garbage;
    }
}

TEST(listeners, bind_address_opens_the_default_listener) {
    const auto value = value_of("bind_address 192.0.2.1\nmax_qos 0\n");
    ASSERT_EQ(value.listeners.size(), 1u);
    EXPECT_EQ(value.listeners[0].port, 1883);
    EXPECT_EQ(value.listeners[0].address, "192.0.2.1");
    EXPECT_EQ(value.listeners[0].max_qos, 0);
    EXPECT_EQ(value_of("port 5\nbind_address ::1").listeners.size(), 1u);
    for (const std::string& garbage : {std::string(), std::string("a b"), std::string(254, 'x')}) {
        EXPECT_TRUE(contains(error_of("bind_address " + garbage), "ADDRESS or host name"))
            << garbage;
    }
}

TEST(listeners, options_bind_to_the_listener_above) {
    const auto value = value_of(
        "port 1\nmax_connections 10\nlistener 2\nmax_connections 20\nsocket_domain ipv4\nprotocol "
        "mqtt\n"
        "listener 3\nmax_qos 0\n");
    ASSERT_EQ(value.listeners.size(), 3u);
    EXPECT_EQ(value.listeners[0].max_connections, 10);
    EXPECT_EQ(value.listeners[1].max_connections, 20);
    EXPECT_EQ(value.listeners[1].socket_domain, listener_config::domain_kind::ipv4);
    EXPECT_EQ(value.listeners[2].max_connections, -1);
    EXPECT_EQ(value.listeners[2].socket_domain, listener_config::domain_kind::any);
    EXPECT_EQ(value.listeners[1].max_qos, 2);
    EXPECT_EQ(value.listeners[2].max_qos, 0);
}

TEST(listeners, port_leads_back_to_the_default_listener) {
    const auto value = value_of("listener 2\nport 1\nmax_qos 0\n");
    ASSERT_EQ(value.listeners.size(), 2u);
    EXPECT_EQ(value.listeners[0].port, 1);
    EXPECT_EQ(value.listeners[0].max_qos, 0);
    EXPECT_EQ(value.listeners[1].max_qos, 2);
}

TEST(listeners, options_that_no_listener_takes_are_errors) {
    EXPECT_TRUE(contains(error_of("max_connections 10\nlistener 2\n"),
                         "t.conf:1: max_connections: belongs to a listener"));
    EXPECT_TRUE(
        contains(error_of("per_listener_settings true\nallow_anonymous false\nlistener 2\n"),
                 "t.conf:2: allow_anonymous: belongs to a listener"));
}

TEST(listeners, a_bad_one_still_takes_its_options) {
    const auto made = read("listener 1\nlistener abc\nmax_qos 0\n");
    EXPECT_EQ(count(made, severity::error), 1u);
    ASSERT_EQ(made.value.listeners.size(), 1u);
    EXPECT_EQ(made.value.listeners[0].max_qos, 2);
}

TEST(listeners, one_door_is_named_once) {
    EXPECT_EQ(error_of("listener 1 a\nlistener 1\nlistener 1 a\n"),
              "t.conf:3: listener: 1 a is already a listener");
    EXPECT_TRUE(contains(error_of("port 1\nlistener 1\n"), "1 is already a listener"));
    EXPECT_TRUE(contains(error_of("listener 0 /a\nlistener 0 /b\nlistener 0 /a\n"),
                         "0 /a is already a listener"));
}

TEST(listeners, have_a_limit) {
    std::string text;
    for (std::size_t i = 1; i <= listeners_max; ++i) text += "listener " + std::to_string(i) + '\n';
    EXPECT_EQ(value_of(text).listeners.size(), listeners_max);
    EXPECT_TRUE(contains(error_of(text + "listener 60000\n"), "more than 256 listeners"));
}

TEST(listeners, other_protocols_stop_the_start) {
    EXPECT_TRUE(contains(error_of("listener 1\nprotocol websockets"),
                         "\"websockets\" is not supported in this version"));
    EXPECT_TRUE(contains(error_of("listener 1\nprotocol http_api"),
                         "\"http_api\" is not supported in this version"));
    EXPECT_TRUE(contains(error_of("listener 1\nprotocol x"), "expected one of: mqtt, found \"x\""));
    EXPECT_TRUE(contains(error_of("listener 1\nsocket_domain x"),
                         "expected one of: ipv4, ipv6, found \"x\""));
}

TEST(security, is_global_by_default) {
    const auto value =
        value_of("listener 1\nauto_id_prefix a-\nlistener 2\nallow_zero_length_clientid false\n");
    for (const auto& one : value.listeners) {
        EXPECT_EQ(one.security.auto_id_prefix, "a-");
        EXPECT_FALSE(one.security.allow_zero_length_clientid);
    }
}

TEST(security, is_each_listener_s_after_per_listener_settings) {
    const auto value =
        value_of("per_listener_settings true\nlistener 1\nallow_anonymous true\nlistener 2\n");
    EXPECT_TRUE(value.listeners[0].security.allow_anonymous);
    EXPECT_FALSE(value.listeners[1].security.allow_anonymous);
}

TEST(security, per_listener_settings_comes_first_and_stays) {
    EXPECT_TRUE(contains(error_of("allow_anonymous true\nper_listener_settings true\n"),
                         "but allow_anonymous came first"));
    EXPECT_TRUE(contains(error_of("per_listener_settings true\nper_listener_settings false\n"),
                         "cannot be taken back"));
    EXPECT_TRUE(contains(error_of("per_listener_settings x\n"), "expected true or false"));
    EXPECT_FALSE(value_of("per_listener_settings false\nallow_anonymous true\nlistener 1\n")
                     .listeners.empty());
}

TEST(security, a_listener_s_own_words_win) {
    const auto value = value_of(
        "allow_anonymous false\nauto_id_prefix all-\nlistener 1\nlistener_allow_anonymous true\n"
        "listener_auto_id_prefix own-\nlistener 2\n");
    EXPECT_TRUE(value.listeners[0].security.allow_anonymous);
    EXPECT_EQ(value.listeners[0].security.auto_id_prefix, "own-");
    EXPECT_FALSE(value.listeners[1].security.allow_anonymous);
    EXPECT_EQ(value.listeners[1].security.auto_id_prefix, "all-");
    EXPECT_TRUE(
        contains(error_of("listener 1\nlistener_allow_anonymous x"), "expected true or false"));
    EXPECT_TRUE(contains(error_of("listener 1\nlistener_auto_id_prefix"), "found nothing"));
}

TEST(security, a_listener_may_refuse_what_is_open_elsewhere) {
    const auto value =
        value_of("allow_anonymous true\nlistener 1\nlistener_allow_anonymous false\nlistener 2\n");
    EXPECT_FALSE(value.listeners[0].security.allow_anonymous);
    EXPECT_TRUE(value.listeners[1].security.allow_anonymous);
}

}  // namespace
}  // namespace nightjar::broker::config
