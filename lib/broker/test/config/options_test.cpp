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
    EXPECT_EQ(taken(*one, std::to_string(min - 1)),
              one->type.less_is_min ? std::to_string(min) : "");
    for (const auto& outside :
         {std::to_string(max + 1), std::string("99999999999999999999"), std::string("abc"),
          std::string("1x"), std::string("0x10"), std::string("1 2"), std::string("+1"),
          std::string("1.5"), std::string("true")}) {
        const auto said = error_of("listener 1\n" + std::string(name) + ' ' + outside + '\n');
        EXPECT_TRUE(contains(said, "t.conf:2: " + std::string(name) +
                                       ": expected a whole number from " + std::to_string(min) +
                                       " to " + std::to_string(max)))
            << said;
        EXPECT_TRUE(contains(said, "found \"" + outside + "\"")) << said;
    }
}

INSTANTIATE_TEST_SUITE_P(
    all, number_option,
    testing::Values(
        number_case{"max_connections", -1, 1'000'000'000},
        number_case{"max_packet_size", 20, 268'435'460},
        number_case{"message_size_limit", 0, 268'435'455}, number_case{"max_keepalive", 0, 65535},
        number_case{"max_inflight_messages", 0, 65535},
        number_case{"max_queued_messages", 0, 2'147'483'647},
        number_case{"max_queued_bytes", 0, std::int64_t{1} << 50}, number_case{"max_qos", 0, 2},
        number_case{"max_inflight_bytes", 0, std::int64_t{1} << 50},
        number_case{"global_max_clients", -1, 1'000'000'000},
        number_case{"global_max_connections", -1, 1'000'000'000},
        number_case{"memory_limit", 0, std::int64_t{1} << 50},
        number_case{"max_subscriptions_per_client", 0, 1'000'000'000},
        number_case{"max_topic_levels", 0, 65535},
        number_case{"max_retained_messages", 0, 1'000'000'000},
        number_case{"retain_expiry_interval", 0, 1'000'000},
        number_case{"connect_timeout", 1, 3600}, number_case{"max_connect_rate", 0, 1'000'000},
        number_case{"max_topic_alias", 0, 65535}, number_case{"max_topic_alias_broker", 0, 65535},
        number_case{"max_outgoing_buffer_bytes", 1024, 1'073'741'824},
        number_case{"log_facility", 0, 7}, number_case{"sys_interval", 0, 65535},
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
                                         "allow_duplicate_messages", "check_retain_source",
                                         "use_username_as_clientid", "upgrade_outgoing_qos"),
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
                                         text_case{"auto_id_prefix", 50},
                                         text_case{"clientid_prefixes", 1024},
                                         text_case{"mount_point", 1024}, text_case{"user", 255},
                                         text_case{"bind_interface", 15}),
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

TEST(option, the_newer_fields_are_the_right_ones) {
    const auto value = value_of(
        "max_inflight_bytes 1\nglobal_max_clients 2\nglobal_max_connections 3\nmemory_limit 4\n"
        "max_subscriptions_per_client 5\nmax_topic_levels 6\nmax_retained_messages 7\n"
        "retain_expiry_interval 8\nclientid_prefixes a-\nallow_duplicate_messages false\n"
        "check_retain_source false\nuser nj\nlog_format json\nlog_facility 5\n");
    EXPECT_EQ(value.max_inflight_bytes, 1u);
    EXPECT_EQ(value.global_max_clients, 2);
    EXPECT_EQ(value.global_max_connections, 3);
    EXPECT_EQ(value.memory_limit, 4u);
    EXPECT_EQ(value.max_subscriptions_per_client, 5u);
    EXPECT_EQ(value.max_topic_levels, 6);
    EXPECT_EQ(value.max_retained_messages, 7u);
    EXPECT_EQ(value.retain_expiry_interval, std::chrono::minutes(8));
    EXPECT_EQ(value.clientid_prefixes, "a-");
    EXPECT_FALSE(value.allow_duplicate_messages);
    EXPECT_FALSE(value.check_retain_source);
    EXPECT_EQ(value.user, "nj");
    EXPECT_EQ(value.log.format, log_config::format_kind::json);
    EXPECT_EQ(value.log.facility, 5);
}

TEST(option, a_listener_s_newer_fields_are_the_right_ones) {
    const auto value = value_of(
        "listener 1\nbind_interface lo\nmount_point a/\nuse_username_as_clientid true\n"
        "accept_protocol_versions 4,5\nconnect_timeout 1\nmax_connect_rate 2\n"
        "max_topic_alias 3\nmax_topic_alias_broker 4\nslow_subscriber_policy drop_oldest\n"
        "max_outgoing_buffer_bytes 5000\nlistener 2\n");
    const listener_config& one = value.listeners[0];
    EXPECT_EQ(one.interface, "lo");
    EXPECT_EQ(one.mount_point, "a/");
    EXPECT_TRUE(one.use_username_as_clientid);
    EXPECT_EQ(one.versions, listener_config::v3_1_1 | listener_config::v5);
    EXPECT_EQ(one.connect_timeout, std::chrono::seconds(1));
    EXPECT_EQ(one.max_connect_rate, 2u);
    EXPECT_EQ(one.max_topic_alias, 3);
    EXPECT_EQ(one.max_topic_alias_broker, 4);
    EXPECT_EQ(one.slow_subscriber_policy, listener_config::slow_policy::drop_oldest);
    EXPECT_EQ(one.max_outgoing_buffer_bytes, 5000u);
    listener_config plain;
    plain.port = 2;
    EXPECT_EQ(value.listeners[1], plain);
}

TEST(option, versions_are_a_list) {
    const auto versions = [](std::string_view text) {
        return value_of("listener 1\naccept_protocol_versions " + std::string(text)).listeners[0];
    };
    EXPECT_TRUE(versions("5").accepts(5));
    EXPECT_FALSE(versions("5").accepts(4));
    EXPECT_EQ(versions("3, 4").versions, listener_config::v3_1 | listener_config::v3_1_1);
    EXPECT_EQ(versions("5,5 ,3").versions, listener_config::v3_1 | listener_config::v5);
    EXPECT_FALSE(versions("3,4,5").accepts(2));
    EXPECT_FALSE(versions("3,4,5").accepts(6));
    for (const std::string garbage : {"", "2", "6", "4 5", ",", "4,", ",4", "mqtt", "3.1"}) {
        EXPECT_TRUE(contains(error_of("listener 1\naccept_protocol_versions " + garbage),
                             "expected a list of 3 (MQTT 3.1)"))
            << garbage;
    }
}

TEST(option, a_mount_point_has_no_wildcards) {
    for (const std::string garbage : {"a/#", "+/a", ""}) {
        EXPECT_TRUE(contains(error_of("listener 1\nmount_point " + garbage), "without # and +"));
    }
}

TEST(option, cpus_are_none_all_or_a_list) {
    const auto cpus = [](std::string_view text) {
        return value_of("cpu_affinity " + std::string(text)).affinity;
    };
    EXPECT_FALSE(value_of("").affinity.pin);
    EXPECT_FALSE(cpus("none").pin);
    EXPECT_EQ(cpus("cores"), (affinity_config{.pin = true, .cpus = {}}));
    EXPECT_EQ(cpus("0,2-4, 1023"), (affinity_config{.pin = true, .cpus = {0, 2, 3, 4, 1023}}));
    for (const std::string garbage : {"", "1024", "3-2", "1,", ",1", "-1", "1-", "all", "1 2"}) {
        EXPECT_TRUE(contains(error_of("cpu_affinity " + garbage), "expected none, cores, or"))
            << garbage;
    }
}

TEST(option, the_policy_for_slow_subscribers_is_a_choice) {
    using policy = listener_config::slow_policy;
    const auto read_policy = [](std::string_view text) {
        return value_of("slow_subscriber_policy " + std::string(text))
            .listeners[0]
            .slow_subscriber_policy;
    };
    EXPECT_EQ(value_of("").listeners[0].slow_subscriber_policy, policy::drop_newest);
    EXPECT_EQ(read_policy("drop_newest"), policy::drop_newest);
    EXPECT_EQ(read_policy("drop_oldest"), policy::drop_oldest);
    EXPECT_EQ(read_policy("disconnect"), policy::disconnect);
    EXPECT_TRUE(contains(error_of("slow_subscriber_policy spill"),
                         "expected one of: drop_newest, drop_oldest, disconnect"));
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
    EXPECT_EQ(value_of("engine libuv").engine, broker_config::engine_kind::libuv);
    EXPECT_EQ(value_of("engine libevent").engine, broker_config::engine_kind::libevent);
    EXPECT_EQ(error_of("engine kqueue"),
              "t.conf:1: engine: expected one of: auto, epoll, io_uring, libuv, libevent, found "
              "\"kqueue\"");
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
    EXPECT_EQ(default_of("max_inflight_bytes"), "0");
    EXPECT_EQ(default_of("global_max_clients"), "-1");
    EXPECT_EQ(default_of("global_max_connections"), "-1");
    EXPECT_EQ(default_of("memory_limit"), "0");
    EXPECT_EQ(default_of("max_topic_alias"), "10");
    EXPECT_EQ(default_of("max_topic_alias_broker"), "10");
    EXPECT_EQ(default_of("retain_expiry_interval"), "0");
    EXPECT_EQ(default_of("allow_duplicate_messages"), "true");
    EXPECT_EQ(default_of("check_retain_source"), "true");
    EXPECT_EQ(default_of("use_username_as_clientid"), "false");
    EXPECT_EQ(default_of("accept_protocol_versions"), "3, 4, 5");
    EXPECT_EQ(default_of("mount_point"), "");
    EXPECT_EQ(default_of("clientid_prefixes"), "");
    EXPECT_EQ(default_of("bind_interface"), "");
    EXPECT_EQ(default_of("log_facility"), "");
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
