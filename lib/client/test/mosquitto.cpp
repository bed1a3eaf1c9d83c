#include "mosquitto.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace nightjar::client::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at = loopback(0);
    socklen_t size = sizeof at;
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size), 0);
    ::close(fd);
    return ntohs(at.sin_port);
}

bool accepts(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in at = loopback(port);
    const bool did = ::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    ::close(fd);
    return did;
}

}  // namespace

broker_process::broker_process(make which, const std::string& more)
    : which_(which), port_(free_port()) {
    std::string name = (std::filesystem::temp_directory_path() / "nightjar-client-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::ofstream conf(folder_ + "/conf");
    conf << "listener " << port_ << " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n";
    // Started as root it would change to a user who may not write here.
    if (which == make::mosquitto)
        conf << "persistence true\npersistence_location " << folder_ << "/\n"
             << "user root\nset_tcp_nodelay true\n";
    else
        conf << "engine " << (which == make::nightjar_epoll ? "epoll" : "io_uring") << "\n";
    conf << more;
    conf.close();
    start();
}

broker_process::~broker_process() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void broker_process::become() const {
    const std::string conf = folder_ + "/conf";
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, 1);
    ::dup2(nowhere, 2);
    if (which_ == make::mosquitto)
        ::execlp(NIGHTJAR_MOSQUITTO, "mosquitto", "-c", conf.c_str(), nullptr);
    else
        ::execlp(NIGHTJAR_PROGRAM, "nightjar", "serve", "-c", conf.c_str(), nullptr);
    ::_exit(127);
}

void broker_process::start() {
    process_ = ::fork();
    if (process_ == 0) become();
    for (int i = 0; i != 1500 && !accepts(port_); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(accepts(port_)) << "the broker did not start";
}

void broker_process::stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

}  // namespace nightjar::client::test
