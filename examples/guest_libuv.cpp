// A program on libuv that also speaks MQTT: says the time every 100 ms, and prints what comes back.
//   guest_libuv HOST TOPIC COUNT
#include <nightjar/client/client.hpp>
#include <nightjar/io/guests/libuv.hpp>
#include <nightjar/io/serve.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace nightjar;

int main(int count, char** arguments) {
    if (count != 4) return std::fputs("usage: guest_libuv HOST TOPIC COUNT\n", stderr), 2;
    uv_loop_t* const host = uv_default_loop();  // the program's own, with whatever else lives there

    auto engine = io::make_epoll_engine();
    if (!engine) return io::complain("guest_libuv", engine.error());
    io::loop inside(std::move(*engine));
    io::guests::libuv guest(inside, *host);
    client::client mqtt(inside);

    struct ticker {
        client::client& mqtt;
        std::string topic;
        int left;
    } its{mqtt, arguments[2], std::atoi(arguments[3])};

    client::callbacks on;
    on.on_message = [&](const mqtt::publish& message) {
        std::printf("%s\n", std::string(as_text(message.payload)).c_str());
        if (--its.left == 0) mqtt.disconnect();
    };
    on.on_disconnected = [&](const client::ending&) { inside.stop(); };  // then the guest leaves

    client::options how;
    how.host = arguments[1];
    if (!mqtt.subscribe(its.topic, mqtt::qos::at_least_once) || !mqtt.connect(how, on)) return 1;

    uv_timer_t
        timer;  // libuv's own, as is its callback: MQTT is called from anywhere on this thread
    uv_timer_init(host, &timer);
    timer.data = &its;
    uv_timer_start(
        &timer,
        [](uv_timer_t* which) {
            auto& mine = *static_cast<ticker*>(which->data);
            const std::string now = std::to_string(uv_now(which->loop));
            (void)mine.mqtt.publish(mine.topic, now, mqtt::qos::at_least_once);
        },
        0, 100);
    uv_unref(reinterpret_cast<uv_handle_t*>(&timer));
    uv_run(host, UV_RUN_DEFAULT);  // returns when the guest has left
    return 0;
}
