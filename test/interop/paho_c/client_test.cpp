// The broker as clients of Paho C's synchronous library see it: 3.1, 3.1.1 and 5.0.

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "client.hpp"

namespace nightjar::interop {
namespace {

using std::chrono::steady_clock;

constexpr unsigned char no_local = 4, as_published = 8, only_new = 16, never = 32;
constexpr unsigned kept_s = 600;

properties expiry(unsigned seconds) {
    return properties().number(MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL, seconds);
}

/// Paho keeps the flag of 5.0 to itself, and 3.1 has none.
bool tells_session_present(int version) { return version == MQTTVERSION_3_1_1; }

connect_how keeping() { return {.clean = false, .props = expiry(kept_s)}; }

MQTTClient_willOptions will_for(const std::string& topic, int qos, bool retained = false) {
    MQTTClient_willOptions how = MQTTClient_willOptions_initializer;
    how.topicName = topic.c_str();
    how.message = "gone";
    how.qos = qos;
    how.retained = retained;
    return how;
}

std::vector<std::string> payloads(const std::optional<std::vector<message>>& all) {
    std::vector<std::string> found;
    if (!all) return {"the mark did not come"};
    for (const message& one : *all) found.push_back(one.payload);
    return found;
}

class every_version : public ::testing::TestWithParam<int> {
protected:
    const int version = GetParam();
};

TEST_P(every_version, every_qos) {
    client one(unique("paho"), version);
    ASSERT_EQ(one.connect(), 0);
    for (int granted = 0; granted < 3; ++granted) {
        const std::string topic = unique("qos");
        const int answer = one.subscribe(topic, granted);
        EXPECT_EQ(answer, version == MQTTVERSION_5 ? granted : MQTTCLIENT_SUCCESS);
        for (int sent = 0; sent < 3; ++sent) {
            ASSERT_TRUE(one.publish(topic, std::to_string(sent), sent));
            const auto got = one.got.next();
            ASSERT_TRUE(got);
            EXPECT_EQ(got->topic, topic);
            EXPECT_EQ(got->payload, std::to_string(sent));
            EXPECT_EQ(got->qos, std::min(sent, granted));
            EXPECT_FALSE(got->retained);
        }
    }
}

TEST_P(every_version, large_payloads_and_names_beyond_ascii) {
    client one(unique("paho"), version);
    ASSERT_EQ(one.connect(), 0);
    const std::string topic = unique("größe/日本"), large(1U << 20U, 'x');
    one.subscribe(topic, 2);
    for (int qos = 0; qos < 3; ++qos) {
        ASSERT_TRUE(one.publish(topic, large, qos));
        const auto got = one.got.next();
        ASSERT_TRUE(got);
        EXPECT_EQ(got->topic, topic);
        EXPECT_TRUE(got->payload == large);
    }
}

TEST_P(every_version, retained_messages) {
    const std::string topic = unique("kept");
    client one(unique("paho"), version);
    ASSERT_EQ(one.connect(), 0);
    ASSERT_TRUE(one.publish(topic, "kept", 1, true));
    one.subscribe(topic, 2);
    const auto got = one.got.next();
    ASSERT_TRUE(got);
    EXPECT_TRUE(got->retained);
    EXPECT_EQ(got->payload, "kept");
    one.unsubscribe(topic);
    ASSERT_TRUE(one.publish(topic, "", 1, true));
    one.subscribe(topic, 2);
    EXPECT_EQ(payloads(one.up_to_mark(one)), std::vector<std::string>());
}

TEST_P(every_version, a_kept_session) {
    const std::string topic = unique("missed"), name = unique("paho");
    client sender(unique("paho"));
    ASSERT_EQ(sender.connect(), 0);
    {
        client away(name, version);
        ASSERT_EQ(away.connect(keeping()), 0);
        EXPECT_FALSE(away.session_present);
        away.subscribe(topic, 2);
    }
    std::vector<std::string> wanted;
    for (int n = 0; n < 10; ++n) {
        wanted.push_back(std::to_string(n));
        ASSERT_TRUE(sender.publish(topic, wanted.back(), 2));
    }
    client back(name, version);
    ASSERT_EQ(back.connect(keeping()), 0);
    EXPECT_TRUE(back.session_present || !tells_session_present(version));
    EXPECT_EQ(payloads(back.up_to_mark(sender, 2)), wanted);
}

TEST_P(every_version, takeover_publishes_the_will) {
    const std::string topic = unique("will"), name = unique("paho");
    client listener(unique("paho"));
    ASSERT_EQ(listener.connect(), 0);
    listener.subscribe(topic, 2, as_published);
    auto will = will_for(topic, 2, true);
    client old(name, version), fresh(name, version);
    ASSERT_EQ(old.connect({.will = &will}), 0);
    ASSERT_EQ(fresh.connect(), 0);
    const auto got = listener.got.next();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->payload, "gone");
    EXPECT_EQ(got->qos, 2);
    EXPECT_TRUE(got->retained);
    if (version != MQTTVERSION_5) return;
    const auto farewell = old.verdicts.next();
    ASSERT_TRUE(farewell);
    EXPECT_EQ(farewell->code, MQTTREASONCODE_SESSION_TAKEN_OVER);
}

TEST_P(every_version, a_polite_end_has_no_will) {
    const std::string topic = unique("will");
    client listener(unique("paho"));
    ASSERT_EQ(listener.connect(), 0);
    listener.subscribe(topic, 1);
    auto will = will_for(topic, 1);
    client one(unique("paho"), version);
    ASSERT_EQ(one.connect({.will = &will}), 0);
    EXPECT_EQ(one.disconnect(), MQTTCLIENT_SUCCESS);
    EXPECT_EQ(payloads(listener.up_to_mark(listener)), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(paho_c, every_version,
                         ::testing::Values(MQTTVERSION_3_1, MQTTVERSION_3_1_1, MQTTVERSION_5),
                         [](const auto& of) { return "v" + std::to_string(of.param); });

TEST(paho_c_5, announcements) {
    client one("");
    ASSERT_EQ(one.connect({.keep_alive_s = 600}), 0);
    EXPECT_EQ(one.announced.number(MQTTPROPERTY_CODE_TOPIC_ALIAS_MAXIMUM), 10);
    EXPECT_EQ(one.announced.number(MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE), 2'000'000);
    EXPECT_EQ(one.announced.number(MQTTPROPERTY_CODE_RECEIVE_MAXIMUM), 20);
    EXPECT_EQ(one.announced.number(MQTTPROPERTY_CODE_SERVER_KEEP_ALIVE), 60);
    const auto id = one.announced.text(MQTTPROPERTY_CODE_ASSIGNED_CLIENT_IDENTIFER);
    EXPECT_EQ(id.substr(0, 5), "auto-");
    EXPECT_EQ(id.size(), 41U);
}

TEST(paho_c_5, properties_of_a_message_pass_unchanged) {
    const std::string topic = unique("dressed");
    client one(unique("paho"));
    ASSERT_EQ(one.connect(), 0);
    one.subscribe(topic, 2);
    const auto props = properties()
                           .number(MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR, 1)
                           .text(MQTTPROPERTY_CODE_CONTENT_TYPE, "text/plain")
                           .text(MQTTPROPERTY_CODE_RESPONSE_TOPIC, "answer/here")
                           .text(MQTTPROPERTY_CODE_CORRELATION_DATA, std::string("\0\1\2", 3))
                           .text(MQTTPROPERTY_CODE_USER_PROPERTY, "z", "1")
                           .text(MQTTPROPERTY_CODE_USER_PROPERTY, "a", "2")
                           .text(MQTTPROPERTY_CODE_USER_PROPERTY, "z", "1");
    for (int qos = 0; qos < 3; ++qos) {
        ASSERT_TRUE(one.publish(topic, "x", qos, false, props));
        auto got = one.got.next();
        ASSERT_TRUE(got);
        EXPECT_EQ(got->props.number(MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR), 1);
        EXPECT_EQ(got->props.text(MQTTPROPERTY_CODE_CONTENT_TYPE), "text/plain");
        EXPECT_EQ(got->props.text(MQTTPROPERTY_CODE_RESPONSE_TOPIC), "answer/here");
        EXPECT_EQ(got->props.text(MQTTPROPERTY_CODE_CORRELATION_DATA), std::string("\0\1\2", 3));
        const std::vector<std::pair<std::string, std::string>> user{
            {"z", "1"}, {"a", "2"}, {"z", "1"}};
        EXPECT_EQ(got->props.user(), user);
    }
}

TEST(paho_c_5, options_of_a_subscription) {
    const std::string base = unique("options");
    client one(unique("paho")), other(unique("paho"));
    ASSERT_EQ(one.connect(), 0);
    ASSERT_EQ(other.connect(), 0);
    ASSERT_TRUE(other.publish(base + "/kept", "kept", 1, true));
    one.subscribe(base + "/kept", 1, never);
    one.subscribe(base + "/kept", 1, only_new);
    one.subscribe(base + "/local", 1, no_local);
    const auto number = properties().number(MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER, 268'435'455);
    one.subscribe(base + "/numbered", 1, as_published, number);
    ASSERT_TRUE(one.publish(base + "/local", "mine", 1));
    ASSERT_TRUE(other.publish(base + "/local", "another's", 1));
    ASSERT_TRUE(other.publish(base + "/numbered", "numbered", 1, true));
    auto got = one.up_to_mark(other);
    EXPECT_EQ(payloads(got), (std::vector<std::string>{"another's", "numbered"}));
    ASSERT_EQ(got->size(), 2U);
    EXPECT_TRUE(got->at(1).retained);
    EXPECT_EQ(got->at(1).props.numbers(MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER),
              std::vector<int>{268'435'455});
}

TEST(paho_c_5, a_shared_subscription) {
    const std::string topic = unique("shared"), filter = "$share/group/" + topic;
    client one(unique("paho")), other(unique("paho"), MQTTVERSION_3_1_1), sender(unique("paho"));
    for (client* each : {&one, &other, &sender}) ASSERT_EQ(each->connect(), 0);
    EXPECT_EQ(one.subscribe(filter, 1), 1);
    EXPECT_EQ(other.subscribe(filter, 1), MQTTCLIENT_SUCCESS);
    std::multiset<std::string> wanted, got;
    for (int n = 0; n < 10; ++n) {
        wanted.insert(std::to_string(n));
        ASSERT_TRUE(sender.publish(topic, std::to_string(n), 1));
    }
    for (client* each : {&one, &other}) {
        const auto share = payloads(each->up_to_mark(sender));
        EXPECT_FALSE(share.empty());
        got.insert(share.begin(), share.end());
    }
    EXPECT_EQ(got, wanted);
}

TEST(paho_c_5, reason_codes) {
    client one(unique("paho"));
    ASSERT_EQ(one.connect(), 0);
    ASSERT_TRUE(one.publish(unique("nobody"), "x", 1));
    const auto said = one.verdicts.next();
    ASSERT_TRUE(said);
    EXPECT_EQ(said->code, MQTTREASONCODE_NO_MATCHING_SUBSCRIBERS);
    EXPECT_EQ(one.unsubscribe(unique("never")), MQTTREASONCODE_NO_SUBSCRIPTION_FOUND);
}

TEST(paho_c_5, sessions_and_messages_expire) {
    const std::string brief = unique("paho"), longer = unique("paho"), topic = unique("expires");
    client sender(unique("paho"));
    ASSERT_EQ(sender.connect(), 0);
    for (const auto& [name, at_the_end] : {std::pair{brief, 1U}, std::pair{longer, kept_s}}) {
        client one(name);
        ASSERT_EQ(one.connect({.clean = false, .props = expiry(1)}), 0);
        one.subscribe(topic, 1);
        EXPECT_EQ(one.disconnect(MQTTREASONCODE_SUCCESS, expiry(at_the_end)), MQTTCLIENT_SUCCESS);
    }
    for (const unsigned seconds : {1U, 1000U}) {
        const auto lasts = properties().number(MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL, seconds);
        ASSERT_TRUE(sender.publish(topic, std::to_string(seconds), 1, false, lasts));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2000));
    client gone(brief), back(longer);
    ASSERT_EQ(gone.connect(keeping()), 0);
    ASSERT_EQ(back.connect(keeping()), 0);
    EXPECT_EQ(payloads(gone.up_to_mark(sender)), std::vector<std::string>());
    auto got = back.up_to_mark(sender);
    ASSERT_EQ(payloads(got), std::vector<std::string>{"1000"});
    EXPECT_LT(got->at(0).props.number(MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL), 1000);
    EXPECT_GT(got->at(0).props.number(MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL), 900);
}

TEST(paho_c_5, a_delayed_will_is_not_early) {
    const std::string topic = unique("will");
    client listener(unique("paho")), one(unique("paho"));
    ASSERT_EQ(listener.connect(), 0);
    listener.subscribe(topic, 1);
    auto will = will_for(topic, 1);
    auto how = keeping();
    const auto delay = properties().number(MQTTPROPERTY_CODE_WILL_DELAY_INTERVAL, 1);
    ASSERT_EQ(one.connect({.clean = false, .will = &will, .props = how.props, .will_props = delay}),
              0);
    const auto left = steady_clock::now();
    one.disconnect(MQTTREASONCODE_DISCONNECT_WITH_WILL_MESSAGE);
    ASSERT_TRUE(listener.got.next());
    EXPECT_GE(steady_clock::now() - left, std::chrono::seconds(1));
}

TEST(paho_c_5, packets_stay_within_what_the_client_takes) {
    const std::string topic = unique("small");
    client one(unique("paho")), sender(unique("paho"));
    const auto limit = properties().number(MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, 200);
    ASSERT_EQ(one.connect({.props = limit}), 0);
    ASSERT_EQ(sender.connect(), 0);
    one.subscribe(topic, 1);
    ASSERT_TRUE(sender.publish(topic, std::string(500, 'x'), 1));
    ASSERT_TRUE(sender.publish(topic, "fits", 1));
    EXPECT_EQ(payloads(one.up_to_mark(sender)), std::vector<std::string>{"fits"});
}

}  // namespace
}  // namespace nightjar::interop
