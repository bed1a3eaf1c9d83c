#include "reading.hpp"

// Each working option that has a value of its own: what it takes, where it ends, what it refuses.

namespace nightjar::broker::config {
namespace {

/// How a value shows, given in a listener of its own, or nothing if it was refused.
std::string taken(const option& one, std::string_view value) {
    const auto made =
        read("listener 1\n" + std::string(one.name) + ' ' + std::string(value) + '\n');
    if (!made.ok()) return {};
    return one.show({made.value, made.value.listeners.front()});
}

struct number_case {
    std::string_view name;
    std::int64_t min, max;
};

class number_option : public testing::TestWithParam<number_case> {};

TEST_P(number_option, takes_its_range_and_nothing_else) {
    const auto [name, min, max] = GetParam();
    const option* const one = find_option(name);
    ASSERT_TRUE(one && one->show);
    for (const auto inside : {min, min + 1, max - 1, max}) {
        EXPECT_EQ(taken(*one, std::to_string(inside)), std::to_string(inside)) << name;
    }
    for (const auto& outside :
         {std::to_string(min - 1), std::to_string(max + 1), std::string("99999999999999999999"),
          std::string("abc"), std::string("1x"), std::string("0x10"), std::string("1 2"),
          std::string("+1"), std::string("1.5"), std::string("true")}) {
        const auto said = error_of("listener 1\n" + std::string(name) + ' ' + outside + '\n');
        EXPECT_TRUE(contains(said, "t.conf:2: " + std::string(name) +
                                       ": expected a whole number from " + std::to_string(min) +
                                       " to " + std::to_string(max)))
            << said;
        EXPECT_TRUE(contains(said, "found \"" + outside + "\"")) << said;
    }
}

INSTANTIATE_TEST_SUITE_P(all, number_option,
                         testing::Values(number_case{"max_connections", -1, 1'000'000'000},
                                         number_case{"max_packet_size", 20, 268'435'460},
                                         number_case{"message_size_limit", 0, 268'435'455},
                                         number_case{"max_keepalive", 0, 65535},
                                         number_case{"max_inflight_messages", 0, 65535},
                                         number_case{"max_queued_messages", 0, 2'147'483'647},
                                         number_case{"max_queued_bytes", 0, std::int64_t{1} << 50},
                                         number_case{"max_qos", 0, 2},
                                         number_case{"sys_interval", 0, 65535},
                                         number_case{"workers", 0, 64}),
                         [](const auto& info) { return std::string(info.param.name); });

class flag_option : public testing::TestWithParam<std::string_view> {};

TEST_P(flag_option, takes_true_and_false) {
    const option* const one = find_option(GetParam());
    ASSERT_TRUE(one && one->show);
    EXPECT_EQ(taken(*one, "true"), "true");
    EXPECT_EQ(taken(*one, "1"), "true");
    EXPECT_EQ(taken(*one, "false"), "false");
    EXPECT_EQ(taken(*one, "0"), "false");
    for (const std::string garbage : {"yes", "True", "2", "true x", "tru"}) {
        EXPECT_EQ(error_of("listener 1\n" + std::string(GetParam()) + ' ' + garbage),
                  "t.conf:2: " + std::string(GetParam()) + ": expected true or false, found \"" +
                      garbage + '"');
    }
}

INSTANTIATE_TEST_SUITE_P(all, flag_option,
                         testing::Values("allow_anonymous", "allow_zero_length_clientid",
                                         "log_timestamp", "connection_messages", "retain_available",
                                         "set_tcp_nodelay", "queue_qos0_messages",
                                         "upgrade_outgoing_qos"),
                         [](const auto& info) { return std::string(info.param); });

struct text_case {
    std::string_view name;
    std::size_t max;
};

class text_option : public testing::TestWithParam<text_case> {};

TEST_P(text_option, takes_anything_up_to_its_limit) {
    const auto [name, max] = GetParam();
    const option* const one = find_option(name);
    ASSERT_TRUE(one && one->show);
    EXPECT_EQ(taken(*one, "a b"), "a b");
    EXPECT_EQ(taken(*one, std::string(max, 'x')), std::string(max, 'x'));
    EXPECT_EQ(taken(*one, std::string(max + 1, 'x')), "");
    EXPECT_TRUE(contains(error_of("listener 1\n" + std::string(name)), "found nothing"));
}

INSTANTIATE_TEST_SUITE_P(all, text_option,
                         testing::Values(text_case{"pid_file", 4095},
                                         text_case{"log_timestamp_format", 256},
                                         text_case{"auto_id_prefix", 50}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(option, the_fields_are_the_right_ones) {
    const auto value = value_of(
        "max_packet_size 101\nmessage_size_limit 102\nmax_keepalive 103\nmax_inflight_messages "
        "104\n"
        "max_queued_messages 105\nmax_queued_bytes 106\nsys_interval 107\nworkers "
        "8\nretain_available false\n"
        "queue_qos0_messages true\nupgrade_outgoing_qos true\nset_tcp_nodelay true\npid_file "
        "/run/n.pid\n"
        "persistent_client_expiration 2h\nengine epoll\n");
    EXPECT_EQ(value.max_packet_size, 101u);
    EXPECT_EQ(value.message_size_limit, 102u);
    EXPECT_EQ(value.max_keepalive, 103);
    EXPECT_EQ(value.max_inflight_messages, 104);
    EXPECT_EQ(value.max_queued_messages, 105u);
    EXPECT_EQ(value.max_queued_bytes, 106u);
    EXPECT_EQ(value.sys_interval, std::chrono::seconds(107));
    EXPECT_EQ(value.workers, 8);
    EXPECT_FALSE(value.retain_available);
    EXPECT_TRUE(value.queue_qos0_messages);
    EXPECT_TRUE(value.upgrade_outgoing_qos);
    EXPECT_TRUE(value.set_tcp_nodelay);
    EXPECT_EQ(value.pid_file, "/run/n.pid");
    EXPECT_EQ(value.persistent_client_expiration, std::chrono::hours(2));
    EXPECT_EQ(value.engine, broker_config::engine_kind::epoll);
}

TEST(option, workers_may_be_left_to_the_machine) {
    EXPECT_EQ(value_of("workers auto").workers, 0);
    EXPECT_EQ(value_of("workers 64").workers, 64);
    EXPECT_EQ(error_of("workers many"),
              "t.conf:1: workers: expected a whole number from 0 to 64, or auto, found \"many\"");
}

TEST(option, engine_is_a_choice) {
    EXPECT_EQ(value_of("engine auto").engine, broker_config::engine_kind::automatic);
    EXPECT_EQ(value_of("engine io_uring").engine, broker_config::engine_kind::io_uring);
    EXPECT_EQ(error_of("engine kqueue"),
              "t.conf:1: engine: expected one of: auto, epoll, io_uring, found \"kqueue\"");
}

TEST(option, an_expiration_has_a_unit) {
    const auto seconds = [](std::string_view text) {
        return value_of("persistent_client_expiration " + std::string(text))
            .persistent_client_expiration.count();
    };
    EXPECT_EQ(seconds("90s"), 90);
    EXPECT_EQ(seconds("2h"), 7200);
    EXPECT_EQ(seconds("3d"), 3 * 86400);
    EXPECT_EQ(seconds("2w"), 14 * 86400);
    EXPECT_EQ(seconds("1m"), 30 * 86400);
    EXPECT_EQ(seconds("100y"), std::int64_t{100} * 365 * 86400);
    for (const std::string garbage :
         {"", "90", "h", "0s", "-1d", "1x", "101y", "9223372036854775807y", "1 h"}) {
        EXPECT_TRUE(contains(error_of("persistent_client_expiration " + garbage),
                             "followed by s, h, d, w, m or y"));
    }
}

TEST(option, maximum_qos_is_max_qos) {
    EXPECT_EQ(value_of("listener 1\nmaximum_qos 1").listeners[0].max_qos, 1);
}

TEST(option, defaults_are_mosquitto_s) {
    const auto default_of = [](std::string_view name) { return default_value(*find_option(name)); };
    EXPECT_EQ(default_of("max_packet_size"), "2000000");
    EXPECT_EQ(default_of("max_inflight_messages"), "20");
    EXPECT_EQ(default_of("max_queued_messages"), "1000");
    EXPECT_EQ(default_of("max_queued_bytes"), "0");
    EXPECT_EQ(default_of("max_connections"), "-1");
    EXPECT_EQ(default_of("max_qos"), "2");
    EXPECT_EQ(default_of("sys_interval"), "10");
    EXPECT_EQ(default_of("allow_anonymous"), "false");
    EXPECT_EQ(default_of("allow_zero_length_clientid"), "true");
    EXPECT_EQ(default_of("auto_id_prefix"), "auto-");
    EXPECT_EQ(default_of("retain_available"), "true");
    EXPECT_EQ(default_of("queue_qos0_messages"), "false");
    EXPECT_EQ(default_of("log_dest"), "stderr");
    EXPECT_EQ(default_of("log_type"), "error\nwarning\nnotice\ninformation");
    EXPECT_EQ(default_of("pid_file"), "");
}

}  // namespace
}  // namespace nightjar::broker::config
