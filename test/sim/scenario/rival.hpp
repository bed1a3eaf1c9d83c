#pragma once
// One more connection with a client's identifier, which takes its session over if it is the last to
// come. It hears its welcome and then nothing more; it ends when another one takes over.

#include "scenario/link.hpp"

#include <nightjar/io/engine.hpp>
#include <nightjar/io/loop.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nightjar::sim {

class rival final : private io::connector, private link_owner {
public:
    struct options {
        io::endpoint broker;
        std::string client_id;
        mqtt::version version{};
        bool may_be_refused = false;  ///< For want of memory.
    };
    /// `complain` is called with what the broker did wrong. Its session must exist.
    rival(io::loop& on, const options& how, std::function<void(std::string_view)> complain);

    instant born() const noexcept { return born_; }
    void end();
    bool is_over() const noexcept { return !attempt_ && (!link_ || link_->is_over()); }

private:
    void on_connected(io::stream& fresh) noexcept override;
    void on_connect_failed(error why) noexcept override;
    void on_packet(const mqtt::packet& what) override;
    void on_nonsense(mqtt::reason why) override;
    void on_lost(error) override {}

    options how_;
    instant born_;
    std::function<void(std::string_view)> complain_;
    std::unique_ptr<io::attempt> attempt_;
    std::optional<link> link_;
};

}  // namespace nightjar::sim
