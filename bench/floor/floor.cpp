// The floor: what the batches of `nightjar bench pairs` and `fanout` cost at QoS 0 without a
// broker. A bare relay on epoll that answers CONNECT and SUBSCRIBE with constants, reads group and
// role from the client's name ("bench-p-GROUP", "bench-s-GROUP-…"), and from then on writes what a
// publisher sent to its subscribers, byte for byte.
//
//     floor PORT

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>
#include <vector>

namespace {

struct connection {
    int descriptor = -1;
    bool is_publisher = false;
    bool is_introduced = false;
    long group = 0;
};

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

/// Nothing is queued here: who asks for more in flight than a socket's buffer takes asks for a
/// broker.
void send_all(int descriptor, const char* data, std::size_t size) {
    if (::send(descriptor, data, size, MSG_NOSIGNAL) != static_cast<ssize_t>(size)) {
        give_up("floor: a socket's buffer is full; use fewer messages in flight");
    }
}

class relay {
public:
    explicit relay(int listener) : listener_(listener), poll_(::epoll_create1(0)) {
        connections_.resize(65536);
        watch(listener);
    }

    void run() {
        std::array<epoll_event, 256> ready;
        while (true) {
            const int count = ::epoll_wait(poll_, ready.data(), ready.size(), -1);
            for (int i = 0; i < count; ++i) {
                const int descriptor = ready[static_cast<std::size_t>(i)].data.fd;
                descriptor == listener_ ? accept()
                                        : read(connections_[static_cast<std::size_t>(descriptor)]);
            }
        }
    }

private:
    void watch(int descriptor) {
        epoll_event what{};
        what.events = EPOLLIN;
        what.data.fd = descriptor;
        if (::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &what) != 0) give_up("floor: epoll_ctl");
    }

    void accept() {
        const int fresh = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
        if (fresh < 0) return;
        const int on = 1;
        ::setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections_.at(static_cast<std::size_t>(fresh)) = {.descriptor = fresh};
        watch(fresh);
    }

    void read(connection& from) {
        const ssize_t got = ::read(from.descriptor, room_.data(), room_.size() - 1);
        if (got <= 0) return leave(from);
        const auto size = static_cast<std::size_t>(got);
        if (!from.is_introduced) return introduce(from, {room_.data(), size});
        if (!from.is_publisher) return subscribe(from);
        for (const int to : subscribers_[from.group]) send_all(to, room_.data(), size);
    }

    void introduce(connection& who, std::string_view connect) {
        const std::size_t name = connect.find("bench-");
        if (name == std::string_view::npos) return leave(who);
        room_[connect.size()] = 0;  // the room has one byte more than a read takes
        who.is_publisher = connect[name + 6] == 'p';
        who.group = std::strtol(connect.data() + name + 8, nullptr, 10);
        who.is_introduced = true;
        send_all(who.descriptor, "\x20\x02\x00\x00", 4);  // CONNACK of 3.1.1
    }

    void subscribe(const connection& who) {
        send_all(who.descriptor, "\x90\x03\x00\x01\x00", 5);  // SUBACK of packet 1 for QoS 0
        subscribers_[who.group].push_back(who.descriptor);
    }

    void leave(connection& who) {
        std::erase(subscribers_[who.group], who.descriptor);
        ::close(who.descriptor);
        who = {};
    }

    int listener_;
    int poll_;
    std::vector<connection> connections_;  // by descriptor
    std::map<long, std::vector<int>> subscribers_;
    std::array<char, 65537> room_;
};

}  // namespace

int main(int count, char** arguments) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(static_cast<std::uint16_t>(count > 1 ? std::atoi(arguments[1]) : 0));
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) give_up("floor: bind");
    if (::listen(listener, 4096) != 0) give_up("floor: listen");
    static relay everything(listener);
    everything.run();
}
