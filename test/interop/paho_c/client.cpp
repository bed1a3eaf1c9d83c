#include "client.hpp"

namespace nightjar::interop {
namespace {

constexpr int patience_ms = 20'000;

int on_message(void* to, char* topic, int, MQTTClient_message* what) {
    static_cast<client*>(to)->got.put(
        {topic,
         {static_cast<const char*>(what->payload), static_cast<std::size_t>(what->payloadlen)},
         what->qos,
         what->retained != 0,
         properties(what->properties)});
    MQTTClient_freeMessage(&what);
    MQTTClient_free(topic);
    return 1;
}

void on_disconnected(void* to, MQTTProperties*, MQTTReasonCodes why) {
    static_cast<client*>(to)->verdicts.put({why});
}

void on_published(void* to, int, int, MQTTProperties*, MQTTReasonCodes why) {
    static_cast<client*>(to)->verdicts.put({why});
}

void on_lost(void*, char*) {}

/// The reason code, once the rest of the answer is freed.
int code_of(MQTTResponse answer) {
    const int code = answer.reasonCode;
    MQTTResponse_free(answer);
    return code;
}

}  // namespace

client::client(std::string id, int version_) : version(version_) {
    MQTTClient_createOptions how = MQTTClient_createOptions_initializer;
    how.MQTTVersion = version;
    MQTTClient_createWithOptions(&handle, address().c_str(), id.c_str(),
                                 MQTTCLIENT_PERSISTENCE_NONE, nullptr, &how);
    MQTTClient_setCallbacks(handle, this, on_lost, on_message, nullptr);
    MQTTClient_setDisconnected(handle, this, on_disconnected);
    MQTTClient_setPublished(handle, this, on_published);
}

client::~client() {
    disconnect();
    MQTTClient_destroy(&handle);
}

int client::connect(connect_how how) {
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    if (version == MQTTVERSION_5) options = MQTTClient_connectOptions_initializer5;
    options.MQTTVersion = version;
    options.keepAliveInterval = how.keep_alive_s;
    options.reliable = 0;
    options.will = how.will;
    if (version != MQTTVERSION_5) {
        options.cleansession = how.clean;
        const int code = MQTTClient_connect(handle, &options);
        session_present = options.returned.sessionPresent != 0;
        return code;
    }
    options.cleanstart = how.clean;
    MQTTResponse answer =
        MQTTClient_connect5(handle, &options, how.props.raw(), how.will_props.raw());
    session_present = options.returned.sessionPresent != 0;
    for (int n = 0; answer.properties && n < answer.properties->count; ++n)
        MQTTProperties_add(announced.raw(), &answer.properties->array[n]);
    return code_of(answer);
}

int client::subscribe(const std::string& filter, int qos, unsigned char flags, properties props) {
    if (version != MQTTVERSION_5) return MQTTClient_subscribe(handle, filter.c_str(), qos);
    MQTTSubscribe_options how = MQTTSubscribe_options_initializer;
    how.noLocal = flags >> 2 & 1;
    how.retainAsPublished = flags >> 3 & 1;
    how.retainHandling = flags >> 4 & 3;
    return code_of(MQTTClient_subscribe5(handle, filter.c_str(), qos, &how, props.raw()));
}

int client::unsubscribe(const std::string& filter) {
    if (version != MQTTVERSION_5) return MQTTClient_unsubscribe(handle, filter.c_str());
    return code_of(MQTTClient_unsubscribe5(handle, filter.c_str(), nullptr));
}

bool client::publish(const std::string& topic, const std::string& payload, int qos, bool retained,
                     properties props) {
    MQTTClient_deliveryToken token{};
    const auto size = static_cast<int>(payload.size());
    const int code = version == MQTTVERSION_5
                         ? code_of(MQTTClient_publish5(handle, topic.c_str(), size, payload.data(),
                                                       qos, retained, props.raw(), &token))
                         : MQTTClient_publish(handle, topic.c_str(), size, payload.data(), qos,
                                              retained, &token);
    if (code != MQTTCLIENT_SUCCESS) return false;
    return qos == 0 ||
           MQTTClient_waitForCompletion(handle, token, patience_ms) == MQTTCLIENT_SUCCESS;
}

int client::disconnect(MQTTReasonCodes why, properties props) {
    if (version != MQTTVERSION_5) return MQTTClient_disconnect(handle, 0);
    return MQTTClient_disconnect5(handle, 0, why, props.raw());
}

std::optional<std::vector<message>> client::up_to_mark(client& sender, int qos) {
    const std::string mark = unique("mark");
    subscribe(mark, qos);
    if (!sender.publish(mark, "mark", qos)) return {};
    std::vector<message> found;
    while (auto one = got.next()) {
        if (one->topic == mark) return found;
        found.push_back(*one);
    }
    return {};
}

}  // namespace nightjar::interop
