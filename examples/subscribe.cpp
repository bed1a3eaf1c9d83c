// Prints what is published, and comes back whenever the broker does:  subscribe HOST FILTER
#include <nightjar/client/client.hpp>

#include <cstdio>

using namespace nightjar;

int main(int count, char** arguments) {
    if (count != 3) return std::fputs("usage: subscribe HOST FILTER\n", stderr), 2;
    io::loop loop;
    client::client mqtt(loop);

    client::options how;
    how.host = arguments[1];

    client::callbacks on;
    on.on_message = [](const mqtt::publish& message) {
        const std::string_view text = as_text(message.payload);
        std::printf("%.*s %.*s\n", static_cast<int>(message.topic.size()), message.topic.data(),
                    static_cast<int>(text.size()), text.data());
        std::fflush(stdout);
    };
    on.on_disconnected = [](const client::ending& why) {
        std::fprintf(stderr, "subscribe: %s\n", client::describe(why).c_str());
    };

    // Asked for as soon as there is a connection, and again after each that was lost.
    if (!mqtt.subscribe(arguments[2], mqtt::qos::at_least_once)) return 1;
    if (!mqtt.connect(how, on)) return 1;
    loop.run();
    return 0;
}
