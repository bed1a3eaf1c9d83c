// Says hello on a topic and prints the first messages that come:  client_coroutine HOST TOPIC COUNT
#include <nightjar/client/coro.hpp>

#include <cstdio>
#include <cstdlib>

using namespace nightjar;

io::task<> talk(io::loop& on, std::string host, std::string topic, int count) {
    client::co_client c(on);
    client::options how;
    how.host = host;
    const auto there = co_await c.connect(how);
    if (there && co_await c.subscribe(topic, mqtt::qos::at_least_once)) {
        const auto said = co_await c.publish(topic, "hello", mqtt::qos::at_least_once);
        if (!said) std::puts("nobody heard it");
        while (count-- > 0) {
            const auto one = co_await c.receive();  // acknowledged by that
            if (!one) break;
            std::printf("%s %s\n", one->topic.c_str(), one->payload.c_str());
        }
        const client::ending end = co_await c.disconnect();
        std::puts(client::describe(end).c_str());
    }
    on.stop();
}

int main(int count, char** arguments) {
    if (count != 4) return std::fputs("usage: client_coroutine HOST TOPIC COUNT\n", stderr), 2;
    io::loop loop;
    talk(loop, arguments[1], arguments[2], std::atoi(arguments[3]));
    loop.run();
}
