// Publishes one message and exits when the broker has it:  publish HOST TOPIC TEXT
#include <nightjar/client/client.hpp>

#include <cstdio>

using namespace nightjar;

int main(int count, char** arguments) {
    if (count != 4) return std::fputs("usage: publish HOST TOPIC TEXT\n", stderr), 2;
    io::loop loop;
    client::client mqtt(loop);
    int code = 1;

    client::options how;
    how.host = arguments[1];
    how.again.is_on = false;  // try once

    client::callbacks on;
    on.on_acknowledged = [&](client::ticket, mqtt::reason why) {
        code = mqtt::is_failure(why) ? 1 : 0;
        mqtt.disconnect();
    };
    on.on_disconnected = [&](const client::ending& why) {
        if (code != 0) std::fprintf(stderr, "publish: %s\n", client::describe(why).c_str());
        loop.stop();
    };

    // Waits in the queue until there is a connection.
    if (!mqtt.publish(arguments[2], arguments[3], mqtt::qos::at_least_once)) return 1;
    if (!mqtt.connect(how, on)) return 1;
    loop.run();
    return code;
}
