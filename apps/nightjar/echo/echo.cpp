// nightjar echo: sends back what it is sent, under every model.

#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <system_error>

#include "../serve/process.hpp"
#include "../subcommand.hpp"
#include "flags.hpp"

namespace nightjar::app {
namespace {

duration spent() noexcept {
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return std::chrono::seconds(at.tv_sec) + duration(at.tv_nsec);
}

struct echo_handler {
    duration work{};

    void on_data(io::outlet& peer, bytes lent) {
        if (work != duration::zero()) {
            const duration end = spent() + work;
            while (spent() < end) {
            }
        }
        if (!peer.write(lent)) peer.drop();
    }
};

/// "Address already in use": the system's words where there are any.
std::string sentence(error why) {
    return why.os != 0 ? std::error_code(why.os, std::generic_category()).message()
                       : std::string(describe(why.what));
}

/// Lines for people on standard error, for programs on standard output.
class printer final : public io::overseer {
public:
    explicit printer(io::model which) noexcept : which_(which) {}

    void on_listening(const io::endpoint& at, unsigned workers, std::string_view engine) override {
        fmt::print("listening on {} (model {}, engine {}, {} workers)\n", at.text(),
                   io::name_of(which_), engine, workers);
        std::fflush(stdout);
    }
    void on_note(std::string_view sentence) override {
        fmt::print(stderr, "nightjar echo: {}\n", sentence);
    }
    void on_counters(std::span<const io::worker_counts> each) override {
        for (const io::worker_counts& one : each) {
            fmt::print("worker {} pid {} connections {} accepted {} messages {} in {} out {}\n",
                       one.worker, one.pid, one.connections, one.accepted, one.messages,
                       one.bytes_in, one.bytes_out);
        }
        std::fflush(stdout);
    }

private:
    io::model which_;
};

}  // namespace

int echo(std::span<char* const> arguments) {
    echo_flags wanted;
    if (const auto over = read_flags(arguments, wanted)) return *over;
    raise_descriptor_limit();
    printer tell(wanted.how.model);
    wanted.how.tell = &tell;
    const auto served = io::serve<echo_handler>(wanted.how, {.work = wanted.work});
    if (served) return 0;
    fmt::print(stderr, "nightjar echo: cannot serve on {} port {}: {}\n", wanted.how.address,
               wanted.how.port, sentence(served.error()));
    return 1;
}

}  // namespace nightjar::app
