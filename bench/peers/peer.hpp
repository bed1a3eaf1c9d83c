#pragma once
// What the four echo servers have in common besides their job: the command line, the line that says
// that they are ready, and the end on SIGTERM.
//
//     PROGRAM PORT [ADDRESS]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace peer {

constexpr int backlog = 4096;
constexpr std::size_t read_size = 65536;  // what one read may bring; as the runtime's engines

struct arguments {
    int port;
    const char* address;
};

[[noreturn]] inline void give_up(const char* what, const char* why) {
    std::fprintf(stderr, "%s: %s\n", what, why);
    std::exit(1);
}

inline arguments start(int count, char** words) {
    if (count < 2) give_up(words[0], "usage: PROGRAM PORT [ADDRESS]");
    std::signal(SIGTERM, [](int) { ::_exit(0); });
    std::signal(SIGPIPE, SIG_IGN);
    return {std::atoi(words[1]), count > 2 ? words[2] : "127.0.0.1"};
}

inline sockaddr_in address_of(const arguments& where) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(where.port));
    if (::inet_pton(AF_INET, where.address, &at.sin_addr) != 1)
        give_up(where.address, "is no IPv4 address");
    return at;
}

/// The port is the one that the kernel chose where 0 was asked for.
inline void announce(const arguments& where, int listener) {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    if (::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        give_up("getsockname", "failed");
    std::printf("listening on %s:%u\n", where.address, unsigned{ntohs(at.sin_port)});
    std::fflush(stdout);
}

}  // namespace peer
