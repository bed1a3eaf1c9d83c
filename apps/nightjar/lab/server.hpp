#pragma once
// A candidate that runs: where it listens, and what it says of its workers.

#include "child.hpp"
#include "record.hpp"

#include <nightjar/io/endpoint.hpp>

#include <cstdint>
#include <map>
#include <variant>

namespace nightjar::app::lab {

/// What a line on SIGUSR1 says: `worker 0 pid 4711 connections 50 accepted 50 messages 900 in 57600
/// out 57600`.
struct worker_counts {
    unsigned index = 0;
    std::uint64_t connections = 0, messages = 0, bytes_out = 0;
    friend bool operator==(const worker_counts&, const worker_counts&) = default;
};
/// nullopt for any other line. Words that it does not know are passed over.
std::optional<worker_counts> parse_worker(std::string_view line);

/// The address behind "listening on "; nullopt for any other line.
std::optional<io::endpoint> parse_listening(std::string_view line);

struct programs {
    std::string nightjar;  ///< This program.
    std::string folder;    ///< Of the peers.
};
std::vector<std::string> command_of(const candidate& who, const load& what, const programs& where);

class server {
public:
    struct options {
        const candidate& who;
        const load& what;
        const programs& where;
        std::vector<int> processors;
        giving_up stop;
    };
    /// Waits until it listens; else a sentence on why it does not.
    static std::variant<server, std::string> start(const options& how);

    const io::endpoint& at() const noexcept { return at_; }
    child& process() noexcept { return process_; }
    /// Messages by worker since it started. Empty where it says nothing of its workers.
    std::map<unsigned, std::uint64_t> work(unsigned workers, const giving_up& stop);

private:
    server(child process, io::endpoint at) noexcept : process_(std::move(process)), at_(at) {}

    child process_;
    io::endpoint at_;
};

}  // namespace nightjar::app::lab
