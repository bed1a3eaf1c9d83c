// The broker as clients of Paho C's asynchronous library see it: many exchanges at once, and
// reconnection.

#include <gtest/gtest.h>

#include <MQTTAsync.h>

#include "inbox.hpp"
#include "properties.hpp"

namespace nightjar::interop {
namespace {

constexpr int many = 30;

class async_client {
public:
    explicit async_client(int version = MQTTVERSION_5) : version_(version) {
        MQTTAsync_createOptions how = MQTTAsync_createOptions_initializer;
        how.MQTTVersion = version;
        how.maxBufferedMessages = 2 * many;
        MQTTAsync_createWithOptions(&handle_, address().c_str(), unique("async").c_str(),
                                    MQTTCLIENT_PERSISTENCE_NONE, nullptr, &how);
        MQTTAsync_setCallbacks(handle_, this, nullptr, on_message, nullptr);
    }
    ~async_client() {
        MQTTAsync_disconnectOptions how = MQTTAsync_disconnectOptions_initializer;
        MQTTAsync_disconnect(handle_, &how);
        MQTTAsync_destroy(&handle_);
    }
    async_client(const async_client&) = delete;
    async_client& operator=(const async_client&) = delete;

    /// Whether the broker said yes.
    bool connect() {
        MQTTAsync_connectOptions how = MQTTAsync_connectOptions_initializer;
        if (version_ == MQTTVERSION_5) how = MQTTAsync_connectOptions_initializer5;
        how.MQTTVersion = version_;
        how.maxInflight = 65535;  // what the broker announces is less
        how.context = this;
        how.onSuccess = on_success;
        how.onFailure = on_failure;
        if (version_ == MQTTVERSION_5) {
            how.onSuccess = nullptr;
            how.onFailure = nullptr;
            how.onSuccess5 = on_success_5;
            how.onFailure5 = on_failure_5;
        }
        return MQTTAsync_connect(handle_, &how) == MQTTASYNC_SUCCESS && answers.next() == 0;
    }
    bool subscribe_all(std::vector<std::string> filters, int qos) {
        std::vector<char*> names;
        for (auto& one : filters) names.push_back(one.data());
        std::vector<int> levels(names.size(), qos);
        auto how = calls();
        return MQTTAsync_subscribeMany(handle_, static_cast<int>(names.size()), names.data(),
                                       levels.data(), &how) == MQTTASYNC_SUCCESS &&
               answers.next() == 0;
    }
    /// Begins it; an answer follows.
    bool publish(const std::string& topic, const std::string& payload, int qos) {
        auto how = calls();
        return MQTTAsync_send(handle_, topic.c_str(), static_cast<int>(payload.size()),
                              payload.data(), qos, 0, &how) == MQTTASYNC_SUCCESS;
    }

    inbox<int> answers;  ///< 0, or what went wrong.
    inbox<std::string> got;

private:
    static int on_message(void* to, char* topic, int, MQTTAsync_message* what) {
        static_cast<async_client*>(to)->got.put(
            {static_cast<const char*>(what->payload), static_cast<std::size_t>(what->payloadlen)});
        MQTTAsync_freeMessage(&what);
        MQTTAsync_free(topic);
        return 1;
    }
    void answer(int code) { answers.put(code); }
    static void on_success(void* to, MQTTAsync_successData*) {
        static_cast<async_client*>(to)->answer(0);
    }
    static void on_failure(void* to, MQTTAsync_failureData* why) {
        static_cast<async_client*>(to)->answer(why ? why->code : -1);
    }
    static void on_success_5(void* to, MQTTAsync_successData5*) {
        static_cast<async_client*>(to)->answer(0);
    }
    static void on_failure_5(void* to, MQTTAsync_failureData5* why) {
        static_cast<async_client*>(to)->answer(why ? why->reasonCode : -1);
    }
    MQTTAsync_responseOptions calls() {
        MQTTAsync_responseOptions how = MQTTAsync_responseOptions_initializer;
        how.context = this;
        if (version_ == MQTTVERSION_5) {
            how.onSuccess5 = on_success_5;
            how.onFailure5 = on_failure_5;
        } else {
            how.onSuccess = on_success;
            how.onFailure = on_failure;
        }
        return how;
    }

    MQTTAsync handle_{};
    int version_;
};

class async : public ::testing::TestWithParam<int> {};

TEST_P(async, many_exchanges_at_once_stay_in_order) {
    for (const int qos : {1, 2}) {
        const std::string topic = unique("burst");
        async_client sender(GetParam()), listener;
        ASSERT_TRUE(sender.connect());
        ASSERT_TRUE(listener.connect());
        ASSERT_TRUE(listener.subscribe_all({topic}, qos));
        for (int n = 0; n < many; ++n) ASSERT_TRUE(sender.publish(topic, std::to_string(n), qos));
        for (int n = 0; n < many; ++n) ASSERT_EQ(sender.answers.next(), 0) << n;
        for (int n = 0; n < many; ++n) ASSERT_EQ(listener.got.next(), std::to_string(n));
    }
}

TEST_P(async, many_topics_in_one_subscribe) {
    async_client one(GetParam());
    ASSERT_TRUE(one.connect());
    std::vector<std::string> topics;
    for (int n = 0; n < 40; ++n) topics.push_back(unique("many"));
    ASSERT_TRUE(one.subscribe_all(topics, 2));
    for (const auto& topic : topics) {
        ASSERT_TRUE(one.publish(topic, topic, 1));
        ASSERT_EQ(one.answers.next(), 0);
        ASSERT_EQ(one.got.next(), topic);
    }
}

INSTANTIATE_TEST_SUITE_P(paho_c, async, ::testing::Values(MQTTVERSION_3_1_1, MQTTVERSION_5),
                         [](const auto& of) { return "v" + std::to_string(of.param); });

}  // namespace
}  // namespace nightjar::interop
