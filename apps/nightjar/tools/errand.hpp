#pragma once
// What `nightjar pub`, `sub` and `rr` have in common: one client on one loop, signals, a time
// limit, a trace, and a way out with an exit code.

#include <nightjar/client/client.hpp>
#include <nightjar/io/signals.hpp>
#include <nightjar/io/timeout.hpp>

#include <memory>
#include <optional>
#include <string_view>

#include "flags.hpp"
#include "settings.hpp"
#include "trace.hpp"

namespace nightjar::app {

/// Exit codes of Mosquitto's tools beside 0, 1 and the codes of a CONNACK.
enum exit_code : int {
    protocol_broken = 2,
    not_connected = 4,
    connection_lost = 7,
    timed_out = 27
};

class errand {
public:
    errand(const errand&) = delete;
    errand& operator=(const errand&) = delete;

    /// Connects, runs until something called leave(), returns the exit code.
    int run();

protected:
    errand(tool which, const settings& how, std::unique_ptr<io::engine> on);
    ~errand() = default;

    /// What is common is filled in; a tool adds what it needs.
    virtual client::callbacks events();
    virtual void on_ready() = 0;  ///< Connected, for the first time or again.
    virtual void on_signal(int number) = 0;
    /// Whether a lost connection is tried again; otherwise it is the end.
    virtual bool comes_back() const noexcept = 0;

    /// DISCONNECT, then the end with `code`. The first call counts.
    void leave(int code);
    bool is_leaving() const noexcept { return code_.has_value(); }
    /// "Error: …" on stderr, unless --quiet.
    void complain(std::string_view what) const;
    void warn(std::string_view what) const;
    /// Says why publish() took no message, and leaves.
    void refuse(error why);

    const settings& how_;
    io::loop loop_;
    client::client client_{loop_};

private:
    void on_connected(const mqtt::connack& answer);
    void on_disconnected(const client::ending& why);
    void on_auth();
    void on_interrupt(int number);
    void on_limit() noexcept;
    void give_up(const client::ending& why);
    int refusal(mqtt::reason code) const;
    void stop(int code);

    std::unique_ptr<io::signals> signals_;
    trace trace_;
    std::optional<int> code_;
    bool was_connected_ = false;
    mqtt::qos level_max_ = mqtt::qos::exactly_once;  // the server's
    io::timeout<errand, &errand::on_limit> limit_{*this};
};

/// Reads the command line. An exit code: there is nothing more to do, and what there was to say was
/// said.
std::optional<int> prepare(tool which, std::span<char* const> arguments, settings& target);

/// The engine that the settings ask for; small, as one connection needs. Null: it is not to be had,
/// and that was said.
std::unique_ptr<io::engine> make_tool_engine(const settings& how);

}  // namespace nightjar::app
