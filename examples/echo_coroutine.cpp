// The same echo server, as a coroutine:  echo_coroutine 7777
#include <nightjar/io/coro.hpp>

#include <cstdio>
#include <cstdlib>

using namespace nightjar;

io::task<> echo(io::peer peer) {
    while (auto chunk = co_await peer.read())     // lent until the next read()
        if (!co_await peer.write(*chunk)) break;  // does not suspend if it fits
}  // leaving closes

int main(int count, char** words) {
    io::loop loop;
    const int port = count > 1 ? std::atoi(words[1]) : 7777;
    auto at = io::serve(loop, {.port = static_cast<std::uint16_t>(port)}, echo);
    if (!at) return io::complain("echo", at.error());
    std::printf("echo on port %u\n", unsigned{at->port});
    std::fflush(stdout);
    loop.run();
}
