// Says when a file changes, by whatever way:  on_change FILE
#include <nightjar/io/file_events.hpp>
#include <nightjar/io/serve.hpp>
#include <nightjar/io/signals.hpp>

#include <cstdio>

using namespace nightjar;

int main(int count, char** words) {
    if (count != 2) return std::fprintf(stderr, "on_change FILE\n"), 2;
    io::loop loop;
    auto signals = io::signals::make(loop);
    auto events = io::file_events::make(loop);
    if (!signals || !events) return io::complain("on_change", error::unsupported);
    if (auto heard = (*signals)->on(SIGTERM, [&] { loop.stop(); }); !heard)
        return io::complain("on_change", heard.error());
    auto watched = (*events)->watch_file(words[1], [](const io::file_event& what) {
        switch (what.what) {
            case io::file_event::written:
            case io::file_event::created:
            case io::file_event::replaced:
            case io::file_event::overflow: std::puts("read it again"); break;
            case io::file_event::deleted: std::puts("gone"); break;
            default: return;  // half written yet
        }
        std::fflush(stdout);
    });
    if (!watched) return io::complain(words[1], watched.error());
    std::puts("watching");
    std::fflush(stdout);
    loop.run();
}
