// nightjar serve: reads the configuration, starts the workers, waits for a signal.

#include <nightjar/broker/config/reload.hpp>
#include <nightjar/broker/config/report.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <system_error>

#include "../subcommand.hpp"
#include "crew.hpp"
#include "flags.hpp"
#include "log.hpp"
#include "process.hpp"

namespace nightjar::app {
namespace {

using broker::broker_config;
using broker::log_config;
namespace config = broker::config;

template <class... Args>
void say(log& to, log_config::type what, fmt::format_string<Args...> line, Args&&... args) {
    to.write(what, fmt::format(line, std::forward<Args>(args)...));
}

/// "Permission denied": the system's words where there are any.
std::string sentence(error why) {
    return why.os != 0 ? std::error_code(why.os, std::generic_category()).message()
                       : std::string(describe(why.what));
}

/// The server in its process: from an open log to the exit code.
class server {
public:
    server(const serve_flags& wanted, config::loaded loaded, log& to)
        : wanted_(wanted),
          how_(std::move(loaded.value)),
          places_(std::move(loaded.places)),
          to_(to) {}

    int run();

private:
    /// What stops the start goes to the terminal as well, wherever the log goes.
    template <class... Args>
    int give_up(fmt::format_string<Args...> line, Args&&... args) {
        const std::string text = "Error: " + fmt::format(line, std::forward<Args>(args)...);
        to_.write(log_config::error, text);
        const bool is_seen = how_.log.to_stdout || how_.log.to_stderr;
        if (!is_seen || (how_.log.types & log_config::error) == 0)
            fmt::print(stderr, "nightjar: {}\n", text);
        return 1;
    }
    int explain(error why, const broker::open_failure& where);
    int start(background& behind);
    int change_user();
    void announce();
    void wait(const sigset_t& held);
    void reload();
    void reopen();

    const serve_flags& wanted_;
    broker_config how_;
    std::vector<std::string> places_;
    log& to_;
    std::optional<user_entry> user_;
    pid_file pid_;
    std::unique_ptr<crew> workers_;
};

int server::explain(error why, const broker::open_failure& where) {
    if (where.sentence.empty())
        return give_up("this machine lacks what the engine or the CPU list needs: {}",
                       sentence(why));
    const std::string place =
        where.listener < places_.size() ? places_[where.listener] : std::string();
    return give_up("{}{}{}", place, place.empty() ? "" : ": ", where.sentence);
}

int server::change_user() {
    if (!user_) return 0;
    // So that the log can be opened again, and the user's group may come in.
    hand_over(how_.log.file, *user_);
    for (const broker::listener_config& one : how_.listeners) hand_over(one.unix_path, *user_);
    if (auto became = become(*user_); !became)
        return give_up("cannot become the user {}: {}", user_->name, sentence(became.error()));
    say(to_, log_config::information, "Running as the user {}.", user_->name);
    return 0;
}

int server::start(background& behind) {
    raise_descriptor_limit();
    say(to_, log_config::information, "nightjar version {} starting", NIGHTJAR_VERSION);
    if (!wanted_.file.empty())
        say(to_, log_config::information, "Config loaded from {}.", wanted_.file);
    auto written = pid_file::write(how_.pid_file);
    if (!written)
        return give_up("cannot write the pid_file {}: {}", how_.pid_file,
                       sentence(written.error()));
    pid_ = std::move(*written);
    broker::open_failure why;
    auto started = crew::start(how_, to_, why);
    if (!started) return explain(started.error(), why);
    workers_ = std::move(*started);
    if (const int code = change_user(); code != 0) return code;
    announce();
    behind.running();
    return 0;
}

void server::announce() {
    for (const io::endpoint& at : workers_->serving().addresses())
        say(to_, log_config::information, "Listening on {}.", at.text());
    say(to_, log_config::information, "nightjar version {} running: {} worker{}, {}",
        NIGHTJAR_VERSION, workers_->size(), workers_->size() == 1 ? "" : "s", workers_->engine());
}

void server::reopen() {
    if (auto opened = to_.reopen(); !opened)
        return say(to_, log_config::error, "Error: cannot open the log file {} again: {}",
                   how_.log.file, sentence(opened.error()));
    say(to_, log_config::notice, "Log opened again.");
}

void server::reload() {
    if (wanted_.file.empty())
        return say(to_, log_config::notice, "There is no configuration file to read again.");
    say(to_, log_config::information, "Reloading config.");
    const config::loaded fresh = load(wanted_);
    for (const config::diagnostic& one : fresh.diagnostics) {
        const bool is_error = one.how == config::severity::error;
        say(to_, is_error ? log_config::error : log_config::warning, "{}", config::format(one));
    }
    if (!fresh.ok())
        return say(to_, log_config::error, "Error: {} is not usable; nothing has changed.",
                   wanted_.file);
    config::reloaded next = config::merge(how_, fresh.value);
    for (const std::string_view name : next.kept)
        say(to_, log_config::warning, "{} has changed, but that takes a restart.", name);
    if (auto changed = to_.change(next.value.log); !changed) {
        say(to_, log_config::error, "Error: cannot open the log file {}: {}; the log stays.",
            next.value.log.file, sentence(changed.error()));
        next.value.log = how_.log;
    }
    how_ = std::move(next.value);
    workers_->serving().reconfigure(how_);
    say(to_, log_config::notice, "Config reloaded from {}.", wanted_.file);
}

void server::wait(const sigset_t& held) {
    while (true) {
        int signal = 0;
        if (::sigwait(&held, &signal) != 0) continue;
        switch (signal) {
            case SIGHUP: reload(); break;
            case SIGUSR1: reopen(); break;
            case SIGUSR2: workers_->log_subscriptions(); break;
            default: return;
        }
    }
}

int server::run() {
    if (!how_.user.empty() && is_root()) {
        user_ = find_user(how_.user);
        if (!user_) return give_up("user: there is no user {} on this machine", how_.user);
    } else if (!how_.user.empty()) {
        say(to_, log_config::notice, "user {} has no effect: only root can become somebody else.",
            how_.user);
    }
    background behind;
    if (wanted_.is_daemon) {
        auto entered = background::enter();
        if (!entered)
            return give_up("cannot go into the background: {}", sentence(entered.error()));
        behind = std::move(*entered);
    }
    const sigset_t held = hold_signals();
    if (const int code = start(behind); code != 0) return code;
    wait(held);
    say(to_, log_config::information, "nightjar version {} terminating", NIGHTJAR_VERSION);
    workers_->stop();
    return 0;
}

}  // namespace

int serve(std::span<char* const> arguments) {
    serve_flags wanted;
    if (const auto over = read_flags(arguments, wanted)) return *over;
    if (wanted.show_page) return fmt::print("{}", config::help_markdown()), 0;
    if (wanted.show_options) return fmt::print("{}", config::help_text()), 0;
    config::loaded loaded = load(wanted);
    if (wanted.only_test) {
        fmt::print("{}",
                   config::check_report(loaded, wanted.file.empty() ? "defaults" : wanted.file));
        return loaded.ok() ? 0 : 2;
    }
    for (const config::diagnostic& one : loaded.diagnostics)
        fmt::print(stderr, "{}\n", config::format(one));
    if (!loaded.ok()) return 2;
    auto opened = log::open(loaded.value.log);
    if (!opened) {
        fmt::print(stderr, "nightjar: cannot open the log file {}: {}\n", loaded.value.log.file,
                   sentence(opened.error()));
        return 2;
    }
    return server(wanted, std::move(loaded), **opened).run();
}

}  // namespace nightjar::app
