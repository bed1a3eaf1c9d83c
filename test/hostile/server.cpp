#include "server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

namespace nightjar::hostile {
namespace {

/// The port from "Listening on 127.0.0.1:PORT."; 0 at the end of the log.
std::uint16_t port_in(std::FILE* log) {
    char line[512];
    unsigned port = 0;
    bool is_ready = false;
    while (!is_ready && std::fgets(line, sizeof line, log)) {
        const char* found = std::strstr(line, "Listening on 127.0.0.1:");
        if (found) std::sscanf(found, "Listening on 127.0.0.1:%u", &port);
        is_ready = std::strstr(line, " running") != nullptr;
    }
    return is_ready ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
}

}  // namespace

server::server(const std::string& program, const std::vector<std::string>& options) {
    std::vector<std::string> words{program, "serve", "-p", "0"};
    for (const std::string& one : options) words.insert(words.end(), {"-o", one});
    std::vector<char*> arguments;
    for (std::string& one : words) arguments.push_back(one.data());
    arguments.push_back(nullptr);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        ::dup2(ends[1], STDOUT_FILENO);
        ::execv(program.c_str(), arguments.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    std::FILE* log = ::fdopen(ends[0], "r");
    port_ = port_in(log);
    // The rest of the log must not fill the pipe: what is written into a closed one is dropped.
    std::fclose(log);
}

server::~server() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

std::uint64_t server::resident() const {
    std::ifstream status("/proc/" + std::to_string(process_) + "/statm");
    std::uint64_t all = 0, resident = 0;
    status >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool server::is_running() const { return ::waitpid(process_, nullptr, WNOHANG) == 0; }

}  // namespace nightjar::hostile
