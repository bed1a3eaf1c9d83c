#pragma once
// Readiness of a descriptor that is not ours.

#include "engines/readiness/interest.hpp"
#include "engines/readiness/source.hpp"

#include <nightjar/io/engine.hpp>

namespace nightjar::io::readiness {

class poller;

/// Outlives the `watch` that the user holds until the batch is over.
class watching final : public source {
public:
    watching(poller& on, int fd, io::watch::watcher& who) noexcept : on_(on), fd_(fd), who_(&who) {}

    /// Whether the kernel can watch such a descriptor at all: it cannot watch a file.
    error probe() noexcept;
    void want(unsigned what) noexcept;
    /// Nothing is called any more; frees itself after the batch.
    void stop() noexcept;

    void on_event(std::uint32_t events) noexcept override;
    void settle() noexcept override { discard(); }
    void discard() noexcept override { delete this; }

private:
    poller& on_;
    int fd_;
    io::watch::watcher* who_;  // null once stopped
    interest interest_ = interest::absent;
};

class watch final : public io::watch {
public:
    explicit watch(watching& inner) noexcept : inner_(inner) {}
    ~watch() override { inner_.stop(); }
    void want(unsigned what) noexcept override { inner_.want(what); }

private:
    watching& inner_;
};

}  // namespace nightjar::io::readiness
