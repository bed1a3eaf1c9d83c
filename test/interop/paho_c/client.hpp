#pragma once
// A client of Paho C's synchronous library, with what it hears kept in order. Connects once.

#include <MQTTClient.h>

#include "inbox.hpp"
#include "properties.hpp"

namespace nightjar::interop {

struct message {
    std::string topic, payload;
    int qos = 0;
    bool retained = false;
    properties props;
};

/// What PUBACK, PUBCOMP or DISCONNECT said.
struct verdict {
    int code;
};

struct connect_how {
    int version = MQTTVERSION_5;
    bool clean = true;
    int keep_alive_s = 60;
    MQTTClient_willOptions* will = nullptr;
    properties props{};
    properties will_props{};
};

class client {
public:
    explicit client(std::string id, int version = MQTTVERSION_5);
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// The reason code; CONNACK's properties and session present are kept.
    int connect(connect_how how = {});
    /// The granted QoS or the reason code.
    int subscribe(const std::string& filter, int qos, unsigned char flags = 0,
                  properties props = {});
    int unsubscribe(const std::string& filter);
    /// Returns when the exchange is complete: false if it is not in time.
    bool publish(const std::string& topic, const std::string& payload, int qos,
                 bool retained = false, properties props = {});
    int disconnect(MQTTReasonCodes why = MQTTREASONCODE_SUCCESS, properties props = {});
    /// What came before a last message that `sender` publishes now, or nothing if that never comes.
    std::optional<std::vector<message>> up_to_mark(client& sender, int qos = 1);

    MQTTClient handle{};
    const int version;
    bool session_present = false;
    properties announced;
    inbox<message> got;
    inbox<verdict> verdicts;
};

}  // namespace nightjar::interop
