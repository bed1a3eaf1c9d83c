// A program on libevent that is an MQTT broker as well, for the parts of itself or for others.
//   guest_libevent ADDRESS
#include <nightjar/broker/broker.hpp>
#include <nightjar/io/guests/libevent.hpp>
#include <nightjar/io/serve.hpp>

#include <csignal>
#include <cstdio>
#include <string>

using namespace nightjar;

class to_standard_error final : public broker::log_sink {
    void write(broker::log_config::type, std::string_view line) noexcept override {
        std::fprintf(stderr, "%s\n", std::string(line).c_str());
    }
};

int main(int count, char** arguments) {
    if (count != 2) return std::fputs("usage: guest_libevent ADDRESS\n", stderr), 2;
    event_base* const host = event_base_new();  // the program's own, with whatever else lives there

    auto engine = io::make_epoll_engine();
    if (!engine) return io::complain("guest_libevent", engine.error());
    io::loop inside(std::move(*engine));
    {
        broker::listener_config door;
        door.address = arguments[1];
        door.security.allow_anonymous = true;
        broker::broker_config how;
        how.listeners = {door};
        to_standard_error log;
        io::loop* workers[] = {&inside};
        broker::broker broker(how, {.loops = workers, .log = &log});
        broker::open_failure why;
        if (!broker.open(0, &why)) return std::fprintf(stderr, "%s\n", why.sentence.c_str()), 1;

        io::guests::libevent guest(inside, host);
        event* const term = evsignal_new(
            host, SIGTERM,
            [](evutil_socket_t, short, void* which) {
                event_base_loopbreak(static_cast<event_base*>(which));
            },
            host);
        evsignal_add(term, nullptr);
        std::puts("listening");
        std::fflush(stdout);
        event_base_dispatch(host);

        broker.shut_down(0);  // the clients are told, and then the loop is turned for them alone
        while (!broker.is_quiet(0)) inside.run_once(inside.now() + 100ms);
        event_free(term);
    }
    event_base_free(host);
    return 0;
}
