#pragma once
// The command line of `nightjar lab run` and `nightjar lab explain`.

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace nightjar::app::lab {

struct run_options {
    std::vector<std::string> engines{"epoll", "io_uring", "libuv", "libevent"};
    std::vector<std::string> models{"single",  "fork",      "prefork", "cluster",
                                    "threads", "reuseport", "pool"};
    std::vector<std::string> peers{"epoll", "libuv", "libevent", "asio"};
    std::vector<unsigned> connections{1, 100, 1000};
    std::vector<unsigned> sizes{64, 4096};
    std::vector<unsigned> inflight{1, 16};
    bool separate = false;
    unsigned idle_ms = 100;  ///< Of thought, of the load with idle connections; 0: no such load.
    unsigned work_us = 200;  ///< Of the load with heavy handlers; 0: no such load.
    unsigned workers = 2;
    unsigned rounds = 3;
    double seconds = 1;
    double warmup_s = 0.3;
    bool all = false;  ///< Every model meets every load.
    bool quick = false;
    bool quiet = false;
    bool text = false;  ///< Beside the files that were asked for, and without any.
    std::string json{}, html{}, markdown{};  ///< Files; empty: none. "-": standard output.
    std::string peers_folder{};              ///< Empty: where this program lies.
};

struct explain_options {
    std::string file{};  ///< Empty: the last run.
};

using choice = std::variant<run_options, explain_options, int>;

/// What to do, or the exit code of a command line that asked for help or made no sense (it has been
/// printed).
choice parse(std::span<char* const> arguments);

}  // namespace nightjar::app::lab
