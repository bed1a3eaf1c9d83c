// Runs a program and counts what it writes:  run_child PROGRAM ARGUMENT...
#include <nightjar/io/process.hpp>
#include <nightjar/io/serve.hpp>

#include <cstdio>

using namespace nightjar;

/// Hears the child's standard output.
struct counter final : io::receiver {
    std::size_t size = 0;
    bool is_over = false;
    void on_data(bytes lent) noexcept override { size += lent.size(); }
    void on_written(std::size_t) noexcept override {}
    void on_closed(error) noexcept override { is_over = true; }
};

int main(int count, char** words) {
    if (count < 2) return std::fprintf(stderr, "run_child PROGRAM ARGUMENT...\n"), 2;
    io::loop loop;
    counter output;
    auto child = io::process::spawn(
        loop, {.command = {words + 1, words + count}, .output = io::process_options::wiring::piped},
        [](const io::process::outcome& end) {
            std::printf(end.signal != 0 ? "killed by signal %d\n" : "ended with %d\n",
                        end.signal != 0 ? end.signal : end.code);
        });
    if (!child) return io::complain(words[1], child.error());
    (*child)->output()->attach(output);
    while ((*child)->is_running() || !output.is_over) loop.run_once(never);
    std::printf("%zu bytes\n", output.size);
}
