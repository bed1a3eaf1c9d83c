// An echo server on every core, under any model:  echo_cores 7777 reuseport
#include <nightjar/io/models.hpp>
#include <nightjar/io/serve.hpp>

#include <cstdio>
#include <cstdlib>

using namespace nightjar;

/// The same handler for one loop, for threads, for processes and for a pool.
struct echo {
    void on_data(io::outlet& peer, bytes lent) { peer.write(lent); }
};

struct speaker final : io::overseer {
    void on_listening(const io::endpoint& at, unsigned, std::string_view) override {
        std::printf("echo on port %u\n", unsigned{at.port()});
        std::fflush(stdout);
    }
    void on_note(std::string_view sentence) override {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(sentence.size()), sentence.data());
    }
};

int main(int count, char** words) {
    const auto model = io::parse_model(count > 2 ? words[2] : "reuseport");
    if (!model) return io::complain("echo", model.error());
    speaker tell;
    io::model_options how;
    how.model = *model;
    how.port = static_cast<std::uint16_t>(count > 1 ? std::atoi(words[1]) : 7777);
    how.tell = &tell;
    const auto served = io::serve<echo>(how);  // until QUIT, TERM or INT
    return served ? 0 : io::complain("echo", served.error());
}
