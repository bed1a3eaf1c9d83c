#include "plug.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace nightjar::hostile {
namespace {

constexpr int patience_ms = 5000;

bool wait_for(int descriptor, short event) noexcept {
    pollfd one{.fd = descriptor, .events = event, .revents = 0};
    return ::poll(&one, 1, patience_ms) == 1;
}

}  // namespace

std::string connect_packet(std::string_view name, std::uint32_t session_expiry_s) {
    std::array<byte, 16> room;
    mqtt::property_writer props{room};
    if (session_expiry_s != 0)
        props.add(mqtt::property_id::session_expiry_interval, session_expiry_s);
    return wire(mqtt::connect{
        .clean_start = session_expiry_s == 0, .client_id = name, .props = props.made()});
}

std::string subscribe_packet(std::string_view filter, mqtt::qos maximum, mqtt::packet_id id) {
    std::vector<byte> room(filter.size() + 3);
    writer list{room};
    mqtt::subscription_list::put(list, {.filter = filter, .maximum = maximum});
    return wire(mqtt::subscribe{.id = id, .filters = mqtt::subscription_list{list.written()}});
}

std::string publish_packet(std::string_view topic, std::string_view payload, mqtt::qos level,
                           bool retain, mqtt::packet_id id) {
    const bool has_id = level != mqtt::qos::at_most_once;
    return wire(mqtt::publish{.topic = topic,
                              .payload = as_bytes(payload),
                              .id = has_id ? id : mqtt::packet_id{0},
                              .level = level,
                              .retain = retain});
}

plug::plug(std::uint16_t port, int receive_buffer) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer != 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) shut();
}

plug::plug(plug&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), in_(std::move(other.in_)) {}

plug& plug::operator=(plug&& other) noexcept {
    shut();
    socket_ = std::exchange(other.socket_, -1);
    in_ = std::move(other.in_);
    return *this;
}

bool plug::offer(std::string_view bytes, std::size_t& taken) noexcept {
    taken = 0;
    if (!is_open()) return false;
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) taken = static_cast<std::size_t>(n);
    const bool is_over = n < 0 && errno != EAGAIN && errno != EINTR;
    if (is_over) shut();
    return !is_over;
}

bool plug::send(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        std::size_t taken = 0;
        if (!offer(bytes, taken)) return false;
        bytes.remove_prefix(taken);
        if (!bytes.empty() && !wait_for(socket_, POLLOUT)) return false;
    }
    return true;
}

void plug::drain() noexcept {
    std::array<byte, 1 << 16> room;
    while (is_open()) {
        const ssize_t n = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return shut();
        if (n < 0) return;
    }
}

void plug::fill() {
    std::array<byte, 1 << 16> room;
    if (!is_open()) return;
    const ssize_t n = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
    if (n > 0) in_.insert(in_.end(), room.begin(), room.begin() + n);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) shut();
}

bool plug::await(mqtt::packet_type type) {
    bool has_come = false;
    while (!has_come && is_open() && wait_for(socket_, POLLIN))
        read([&](const mqtt::frame& one) { has_come = has_come || one.type == type; });
    return has_come;
}

void plug::shut() noexcept {
    if (is_open()) ::close(socket_);
    socket_ = -1;
}

void plug::reset() noexcept {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    if (is_open()) ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    shut();
}

}  // namespace nightjar::hostile
