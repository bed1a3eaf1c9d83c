// A program that calls poll(2) and also speaks MQTT: publishes what is typed, line by line.
//   guest_poll HOST TOPIC
#include <nightjar/client/client.hpp>
#include <nightjar/io/guests/poll.hpp>
#include <nightjar/io/serve.hpp>

#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

using namespace nightjar;

int main(int count, char** arguments) {
    if (count != 3) return std::fputs("usage: guest_poll HOST TOPIC\n", stderr), 2;
    auto engine = io::make_epoll_engine();
    if (!engine) return io::complain("guest_poll", engine.error());
    io::loop inside(std::move(*engine));
    io::guests::poll guest(inside);
    client::client mqtt(inside);

    client::callbacks on;
    on.on_disconnected = [&](const client::ending&) { inside.stop(); };
    client::options how;
    how.host = arguments[1];
    if (!mqtt.connect(how, on)) return 1;

    std::string typed;
    std::array<pollfd, 2> set{pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                              guest.entry()};
    bool has_ended = false;
    while (guest.turn()) {
        if (has_ended && mqtt.is_drained()) mqtt.disconnect();  // all of it has been acknowledged
        if (::poll(set.data(), set.size(), guest.timeout()) < 0) break;
        if ((set[0].revents & (POLLIN | POLLHUP)) == 0) continue;
        std::array<char, 1024> some;
        const ssize_t n = ::read(STDIN_FILENO, some.data(), some.size());
        if (n <= 0) {
            has_ended = true;
            set[0].fd = -1;  // poll(2) passes over it from now on
            continue;
        }
        typed.append(some.data(), static_cast<std::size_t>(n));
        for (std::size_t end = 0; (end = typed.find('\n')) != typed.npos; typed.erase(0, end + 1)) {
            (void)mqtt.publish(arguments[2], typed.substr(0, end), mqtt::qos::at_least_once);
        }
    }
    return 0;
}
