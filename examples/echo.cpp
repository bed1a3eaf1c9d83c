// An echo server, as callbacks:  echo 7777
#include <nightjar/io/serve.hpp>

#include <cstdio>
#include <cstdlib>

using namespace nightjar;

/// Echoes what it is sent. Lives inside its connection: nothing to allocate, nothing to keep alive.
struct echo {
    void on_data(io::line& peer, bytes lent) { peer.write(lent); }
};

int main(int count, char** words) {
    io::loop loop;  // this platform's best engine
    const int port = count > 1 ? std::atoi(words[1]) : 7777;
    auto at = io::serve<echo>(loop, {.port = static_cast<std::uint16_t>(port)});
    if (!at) return io::complain("echo", at.error());
    std::printf("echo on port %u\n", unsigned{at->port});
    std::fflush(stdout);
    loop.run();
}
