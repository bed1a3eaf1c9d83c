#pragma once
// A real broker for a test: Mosquitto, or our own, on a free port of this machine, with its state
// in a folder of its own.

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace nightjar::client::test {

enum class make : std::uint8_t { mosquitto, nightjar_epoll, nightjar_uring };

class broker_process {
public:
    /// `more`: further lines of its configuration.
    explicit broker_process(make which, const std::string& more = {});
    ~broker_process();
    broker_process(const broker_process&) = delete;
    broker_process& operator=(const broker_process&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// In order, so that it saves what is persistent. Returns when it is gone.
    void stop();
    /// On the same port. Returns when it accepts connections.
    void start();

private:
    [[noreturn]] void become() const;

    make which_;
    std::string folder_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
};

class mosquitto : public broker_process {
public:
    explicit mosquitto(const std::string& more = {}) : broker_process(make::mosquitto, more) {}
};

}  // namespace nightjar::client::test
