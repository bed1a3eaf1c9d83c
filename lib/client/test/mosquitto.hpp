#pragma once
// A real broker for a test: Mosquitto on a free port of this machine, with its state in a folder of
// its own.

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace nightjar::client::test {

class mosquitto {
public:
    /// `more`: further lines of its configuration.
    explicit mosquitto(const std::string& more = {});
    ~mosquitto();
    mosquitto(const mosquitto&) = delete;
    mosquitto& operator=(const mosquitto&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// In order, so that it saves what is persistent. Returns when it is gone.
    void stop();
    /// On the same port. Returns when it accepts connections.
    void start();

private:
    std::string folder_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
};

}  // namespace nightjar::client::test
