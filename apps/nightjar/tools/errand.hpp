#pragma once
// What `nightjar pub` and `nightjar sub` have in common: one client on one loop, signals, a trace,
// and a way out with an exit code.

#include <nightjar/client/client.hpp>
#include <nightjar/io/signals.hpp>

#include <memory>
#include <optional>
#include <string_view>

#include "settings.hpp"
#include "trace.hpp"

namespace nightjar::app {

class errand {
public:
    errand(const errand&) = delete;
    errand& operator=(const errand&) = delete;

    /// Connects, runs until something called leave(), returns the exit code.
    int run();

protected:
    errand(const settings& how, std::unique_ptr<io::engine> on);
    ~errand() = default;

    /// What is common is filled in; a tool adds what it needs.
    virtual client::callbacks events();
    virtual void on_ready() = 0;  ///< Connected, for the first time or again.
    virtual void on_signal(int number) = 0;

    /// DISCONNECT, then the end with `code`. The first call counts.
    void leave(int code);
    bool is_leaving() const noexcept { return code_.has_value(); }
    /// "Error: …" on stderr, unless --quiet.
    void complain(std::string_view what) const;
    void warn(std::string_view what) const;

    const settings& how_;
    io::loop loop_;
    client::client client_{loop_};

private:
    void on_connected(const mqtt::connack& answer);
    void on_disconnected(const client::ending& why);
    void give_up(const client::ending& why);
    int refusal(mqtt::reason code) const;
    void stop(int code);

    std::unique_ptr<io::signals> signals_;
    trace trace_;
    std::optional<int> code_;
    bool was_connected_ = false;
};

/// The engine that the settings ask for; small, as one connection needs. Null: it is not to be had,
/// and that was said.
std::unique_ptr<io::engine> make_tool_engine(const settings& how);

}  // namespace nightjar::app
