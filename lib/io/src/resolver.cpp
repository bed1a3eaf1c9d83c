#include "os/address.hpp"

#include <ares.h>
#include <sys/time.h>

#include <nightjar/base/expects.hpp>

#include <nightjar/io/resolver.hpp>
#include <nightjar/io/timeout.hpp>

#include <algorithm>

namespace nightjar::io {
namespace {

error to_error(int status) noexcept {
    switch (status) {
        case ARES_ENODATA:
        case ARES_ENOTFOUND:
        case ARES_ENONAME:
        case ARES_EBADNAME: return error::not_found;
        case ARES_ETIMEOUT: return error::timed_out;
        case ARES_ECONNREFUSED: return error::refused;
        case ARES_ECANCELLED:
        case ARES_EDESTRUCTION: return error::cancelled;
        case ARES_ENOMEM: return error::no_room;
        default: return error::system;  // not an enum
    }
}

/// One name under way. c-ares holds it until it has called back, the user until the query is
/// destroyed; the last one frees it. The answer is told by a timer, never from inside c-ares, which
/// also answers inside the call that asks.
class job {
public:
    job(loop& on, duration limit, resolver::callback call) : on_(on), call_(std::move(call)) {
        tell_.start(on_, limit);
    }

    static void on_answer(void* self, int status, int, ares_addrinfo* found) {
        static_cast<job*>(self)->take(status, found);
    }
    /// An answer that needs nobody.
    void know(const endpoint& itself) {
        found_.push_back(itself);
        is_answered_ = true;
        tell_.start(on_, duration::zero());
    }
    void forget() noexcept {
        tell_.cancel();
        is_wanted_ = false;
        if (is_answered_) delete this;
    }

private:
    void take(int status, ares_addrinfo* found) {
        for (auto* node = found != nullptr ? found->nodes : nullptr; node; node = node->ai_next) {
            os::address raw;
            std::memcpy(&raw.room, node->ai_addr, static_cast<std::size_t>(node->ai_addrlen));
            raw.size = static_cast<socklen_t>(node->ai_addrlen);
            const endpoint one = os::to_endpoint(raw);
            // /etc/hosts may name the same address twice.
            if (std::ranges::find(found_, one) == found_.end()) found_.push_back(one);
        }
        if (found != nullptr) ares_freeaddrinfo(found);
        why_ =
            status == ARES_SUCCESS && found_.empty() ? error(error::not_found) : to_error(status);
        is_answered_ = true;
        if (!is_wanted_) {
            delete this;
        } else if (tell_.is_armed()) {
            tell_.start(on_, duration::zero());
        }
    }

    /// The user may destroy the query, and so this, inside the call.
    void tell() noexcept {
        const resolver::callback call = std::move(call_);
        const std::vector<endpoint> found = std::move(found_);
        if (!is_answered_) return call(fail(error::timed_out));
        if (found.empty()) return call(fail(why_));
        call(std::span<const endpoint>(found));
    }

    loop& on_;
    resolver::callback call_;
    std::vector<endpoint> found_;
    error why_;
    bool is_wanted_ = true;
    bool is_answered_ = false;
    timeout<job, &job::tell> tell_{*this};
};

class ares_query final : public resolver::query {
public:
    explicit ares_query(job& what) noexcept : what_(what) {}
    ~ares_query() override { what_.forget(); }

private:
    job& what_;
};

class ares_resolver final : public resolver {
public:
    ares_resolver(loop& on, duration limit) noexcept : on_(on), limit_(limit) {}
    ~ares_resolver() override {
        if (channel_ != nullptr) ares_destroy(channel_);
    }

    error start(const std::string& servers) noexcept {
        ares_options how{};
        how.sock_state_cb = on_socket;
        how.sock_state_cb_data = this;
        const int status = ares_init_options(&channel_, &how, ARES_OPT_SOCK_STATE_CB);
        if (status != ARES_SUCCESS) return to_error(status);
        if (servers.empty()) return error::none;
        return ares_set_servers_ports_csv(channel_, servers.c_str()) == ARES_SUCCESS
                   ? error::none
                   : error::invalid;
    }

    std::unique_ptr<query> resolve(std::string_view name, std::uint16_t port,
                                   callback call) override {
        auto* what = new job(on_, limit_, std::move(call));
        auto made = std::make_unique<ares_query>(*what);
        if (const auto itself = endpoint::parse(name, port)) {
            what->know(*itself);
            return made;
        }
        ares_addrinfo_hints hints{};
        hints.ai_flags = ARES_AI_NUMERICSERV;
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        ares_getaddrinfo(channel_, std::string(name).c_str(), std::to_string(port).c_str(), &hints,
                         job::on_answer, what);
        arm();
        return made;
    }

private:
    struct socket final : watch::watcher {
        socket(ares_resolver& its, int fd) noexcept : its(its), fd(fd) {}
        /// c-ares may close the socket meanwhile, which destroys this.
        void on_ready(unsigned what) noexcept override {
            const bool broken = (what & watch::broken) != 0;
            its.process((what & watch::readable) != 0 || broken ? fd : ARES_SOCKET_BAD,
                        (what & watch::writable) != 0 || broken ? fd : ARES_SOCKET_BAD);
        }
        ares_resolver& its;
        int fd;
        std::unique_ptr<watch> seen;
    };

    static void on_socket(void* self, ares_socket_t fd, int readable, int writable) {
        static_cast<ares_resolver*>(self)->watch_socket(
            fd, (readable != 0 ? unsigned{watch::readable} : 0U) |
                    (writable != 0 ? unsigned{watch::writable} : 0U));
    }

    void watch_socket(int fd, unsigned wanted) {
        const auto has_it = [fd](const auto& one) { return one->fd == fd; };
        if (wanted == 0) {
            std::erase_if(sockets_, has_it);
            return;
        }
        auto known = std::ranges::find_if(sockets_, has_it);
        if (known == sockets_.end()) {
            auto fresh = std::make_unique<socket>(*this, fd);
            auto seen = on_.engine().observe(fd, *fresh);
            if (!seen) return;  // its query will run into the time limit
            fresh->seen = std::move(*seen);
            known = sockets_.insert(sockets_.end(), std::move(fresh));
        }
        (*known)->seen->want(wanted);
    }

    void process(ares_socket_t readable, ares_socket_t writable) noexcept {
        ares_process_fd(channel_, readable, writable);
        arm();
    }

    void on_time() noexcept { process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); }

    void arm() noexcept {
        timeval room{};
        const timeval* next = ares_timeout(channel_, nullptr, &room);
        if (next == nullptr) return repeat_.cancel();
        repeat_.start(
            on_, std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec));
    }

    loop& on_;
    duration limit_;
    ares_channel channel_ = nullptr;
    std::vector<std::unique_ptr<socket>> sockets_;
    timeout<ares_resolver, &ares_resolver::on_time> repeat_{*this};
};

}  // namespace

result<std::unique_ptr<resolver>> resolver::make(loop& on, const resolver_options& how) {
    auto made = std::make_unique<ares_resolver>(on, how.time_limit);
    const error why = made->start(how.servers);
    if (why != error::none) return fail(why);
    return made;
}

}  // namespace nightjar::io
