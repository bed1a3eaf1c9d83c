#pragma once
// -d: a line per packet, as Mosquitto's tools write them.

#include <nightjar/io/read_ahead.hpp>
#include <nightjar/mqtt/decode.hpp>

#include <string>
#include <string_view>

namespace nightjar::app {

class trace {
public:
    /// `tells_levels`: SUBACK's codes on a line of their own.
    trace(mqtt::version v, bool tells_levels) noexcept : version_(v), tells_levels_(tells_levels) {}

    /// What was cut or could not be read belongs to the connection before.
    void begin_connection() noexcept;
    void on_sent(bytes_view part);
    void on_received(bytes_view part);

private:
    enum class way : std::uint8_t { out, in };
    struct side {
        io::read_ahead held;
        bool is_broken = false;  // nothing more can be told of this connection
    };
    void feed(side& from, bytes_view part, way which);
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
    bool tells_levels_;
    std::string client_id_;
    mqtt::packet_id last_id_ = 0;  // Mosquitto numbers its messages at QoS 0, too
    side sent_, received_;
};

}  // namespace nightjar::app
