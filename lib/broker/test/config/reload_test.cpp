#include <nightjar/broker/config/reload.hpp>

#include "reading.hpp"

namespace nightjar::broker::config {
namespace {

using names = std::vector<std::string_view>;

reloaded merged(std::string_view running, std::string_view wanted) {
    return merge(value_of(running), value_of(wanted));
}

TEST(reload, of_the_same_changes_nothing) {
    const std::string_view text = "listener 1\nmax_qos 1\nlistener 2\nallow_anonymous true\n";
    const auto made = merged(text, text);
    EXPECT_EQ(made.value, value_of(text));
    EXPECT_TRUE(made.kept.empty());
}

TEST(reload, takes_limits_policies_and_the_log) {
    const auto made = merged("listener 1\n",
                             "listener 1\nallow_anonymous true\nmax_keepalive 7\nlog_type all\n"
                             "slow_subscriber_policy disconnect\nmax_connections 3\n");
    EXPECT_TRUE(made.kept.empty());
    EXPECT_TRUE(made.value.listeners[0].security.allow_anonymous);
    EXPECT_EQ(made.value.listeners[0].slow_subscriber_policy,
              listener_config::slow_policy::disconnect);
    EXPECT_EQ(made.value.listeners[0].max_connections, 3);
    EXPECT_EQ(made.value.max_keepalive, 7);
    EXPECT_EQ(made.value.log.types, std::uint32_t{log_config::all});
}

TEST(reload, keeps_listeners_in_their_order_and_says_so) {
    const auto made = merged("listener 1\nmax_qos 0\nlistener 2\n", "listener 2\nmax_qos 1\n");
    EXPECT_EQ(made.kept, names{"listener"});
    ASSERT_EQ(made.value.listeners.size(), 2u);
    EXPECT_EQ(made.value.listeners[0].port, 1);
    EXPECT_EQ(made.value.listeners[0].max_qos, 0);
    EXPECT_EQ(made.value.listeners[1].port, 2);
    EXPECT_EQ(made.value.listeners[1].max_qos, 1);
    EXPECT_EQ(merged("listener 1\n", "listener 1\nlistener 2\n").kept, names{"listener"});
    EXPECT_EQ(merged("", "listener 1\n").kept, names{"listener"});
}

TEST(reload, reordered_listeners_are_the_same) {
    EXPECT_TRUE(merged("listener 1\nlistener 2\n", "listener 2\nlistener 1\n").kept.empty());
}

/// An option with another value than its default.
std::string_view other_value(const option& of) {
    const std::pair<std::string_view, std::string_view> all[] = {
        {"pid_file", "/x"},    {"user", "x"},
        {"workers", "3"},      {"cpu_affinity", "cores"},
        {"engine", "epoll"},   {"set_tcp_nodelay", "false"},
        {"mount_point", "x/"}, {"socket_domain", "ipv4"}};
    for (const auto& [name, value] : all)
        if (name == of.name) return value;
    return {};
}

/// The table says what takes a restart, and keep_fixed() puts back just that.
TEST(reload, every_option_that_takes_a_restart_is_kept_and_named) {
    for (const option& one : options()) {
        if (!one.needs_restart || !one.show) continue;
        if (one.name == "protocol" || one.name == "bind_interface") continue;  // tested elsewhere
        const auto value = other_value(one);
        ASSERT_FALSE(value.empty()) << one.name;
        const std::string text = "listener 1\n" + std::string(one.name) + ' ' + std::string(value);
        const auto made = merged("listener 1\n", text);
        EXPECT_EQ(made.kept, names{one.name});
        EXPECT_EQ(made.value, value_of("listener 1\n")) << one.name;
    }
}

TEST(reload, another_interface_is_another_listener) {
    EXPECT_EQ(merged("listener 1\n", "listener 1\nbind_interface lo\n").kept, names{"listener"});
    const auto both = read("listener 1\nbind_interface lo\nlistener 1\nbind_interface eth0\n");
    EXPECT_EQ(both.value.listeners.size(), 2u);
    EXPECT_TRUE(both.ok());
}

TEST(places, say_where_each_listener_stands) {
    EXPECT_EQ(read("\nlistener 1\nlistener 0 /run/x\nport 2\n").places,
              (std::vector<std::string>{"t.conf:4", "t.conf:2", "t.conf:3"}));
    EXPECT_EQ(defaults().places, (std::vector<std::string>{"", ""}));
    EXPECT_EQ(read("", {{"listener", "1"}}).places, std::vector<std::string>{"-o"});
}

TEST(listener_name, is_what_stands_behind_the_word) {
    EXPECT_EQ(listener_name(value_of("listener 1").listeners[0]), "1");
    EXPECT_EQ(listener_name(value_of("listener 1 ::1").listeners[0]), "1 ::1");
    EXPECT_EQ(listener_name(value_of("listener 0 /a b").listeners[0]), "0 /a b");
    EXPECT_EQ(listener_name(value_of("listener 1\nbind_interface lo").listeners[0]), "1 on lo");
}

}  // namespace
}  // namespace nightjar::broker::config
