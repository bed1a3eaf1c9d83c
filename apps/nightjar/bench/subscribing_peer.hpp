#pragma once
// A connection that begins with subscriptions, however many: one SUBSCRIBE after another.

#include "peer.hpp"

namespace nightjar::app::benchmark {

class subscribing_peer : public peer {
public:
    using peer::peer;
    std::uint32_t granted() const noexcept { return granted_; }

protected:
    /// Its filters, 0, 1, 2, … up to the first that is empty.
    virtual std::string filter(std::uint32_t index) = 0;

private:
    void on_accepted(const mqtt::connack&) noexcept override { ask(); }
    void on_suback(const mqtt::suback& answer) noexcept override;
    void ask() noexcept;

    std::uint32_t next_ = 0;
    std::uint32_t granted_ = 0;
};

}  // namespace nightjar::app::benchmark
