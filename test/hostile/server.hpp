#pragma once
// A broker in a process of its own, on a port that was free.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nightjar::hostile {

class server {
public:
    /// Runs `program serve` with these options as NAME=VALUE. Port 0 where it did not start.
    server(const std::string& program, const std::vector<std::string>& options);
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// Bytes resident in memory.
    std::uint64_t resident() const;
    /// It is still there.
    bool is_running() const;

private:
    pid_t process_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace nightjar::hostile
