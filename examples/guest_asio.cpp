// A program on Asio that also speaks MQTT: answers on TOPIC/answer to COUNT messages on TOPIC.
//   guest_asio HOST TOPIC COUNT
#include <nightjar/client/client.hpp>
#include <nightjar/io/guests/asio.hpp>
#include <nightjar/io/serve.hpp>

#include <asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace nightjar;

int main(int count, char** arguments) {
    if (count != 4) return std::fputs("usage: guest_asio HOST TOPIC COUNT\n", stderr), 2;
    asio::io_context host;
    asio::signal_set signals(host, SIGINT, SIGTERM);  // Asio's own

    auto engine = io::make_epoll_engine();
    if (!engine) return io::complain("guest_asio", engine.error());
    io::loop inside(std::move(*engine));
    io::guests::asio guest(inside, host);
    client::client mqtt(inside);

    const std::string topic = arguments[2];
    int left = std::atoi(arguments[3]);
    client::callbacks on;
    on.on_message = [&](const mqtt::publish& message) {
        const std::string text(as_text(message.payload));
        std::printf("%s\n", text.c_str());
        (void)mqtt.publish(topic + "/answer", "heard " + text, mqtt::qos::at_least_once);
        if (--left == 0) mqtt.disconnect();
    };
    on.on_disconnected = [&](const client::ending&) {
        signals.cancel();
        inside.stop();  // then the guest leaves, and run() returns
    };
    signals.async_wait([&](std::error_code why, int) {
        if (!why) mqtt.disconnect();
    });

    client::options how;
    how.host = arguments[1];
    if (!mqtt.subscribe(topic, mqtt::qos::at_least_once) || !mqtt.connect(how, on)) return 1;
    host.run();
    return 0;
}
