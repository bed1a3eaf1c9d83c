#pragma once
// -d: a line per packet, as mosquitto_pub and mosquitto_sub write them.

#include <nightjar/io/read_ahead.hpp>
#include <nightjar/mqtt/decode.hpp>

#include <string>
#include <string_view>

namespace nightjar::app {

class trace {
public:
    explicit trace(mqtt::version v) noexcept : version_(v) {}

    void begin_connection() noexcept;
    void on_sent(bytes_view part);
    void on_received(bytes_view part);

private:
    enum class way : std::uint8_t { out, in };
    std::size_t eat(bytes_view& in, way which);
    void say(way which, std::string_view rest);

    void show(way which, const mqtt::publish& p);
    void show(way which, const mqtt::connect& p);
    void show(way which, const mqtt::connack& p);
    void show(way which, const mqtt::subscribe& p);
    void show(way which, const mqtt::unsubscribe& p);
    void show(way which, const mqtt::suback& p);
    void show(way which, const mqtt::disconnect& p);
    template <mqtt::packet_type Type>
    void show(way which, const mqtt::ack<Type>& p);
    template <class Packet>
    void show(way which, const Packet&);

    mqtt::version version_;
    std::string client_id_;
    mqtt::packet_id last_id_ = 0;  // Mosquitto numbers its messages at QoS 0, too
    io::read_ahead sent_, received_;
};

}  // namespace nightjar::app
