#include "server.hpp"

#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <initializer_list>
#include <sstream>

namespace nightjar::app::lab {
namespace {

constexpr duration start_max = 10s;
constexpr duration answer_max = 500ms;  // to SIGUSR1, until the first line
constexpr duration pause_max = 50ms;    // between its lines

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number value{};
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<worker_counts> parse_worker(std::string_view line) {
    std::istringstream words{std::string(line)};
    std::string name, text;
    worker_counts made;
    bool is_one = false;
    while (words >> name >> text) {
        const auto value = number_of<std::uint64_t>(text);
        if (!value) return std::nullopt;
        if (name == "worker") {
            made.index = static_cast<unsigned>(*value);
            is_one = true;
        }
        if (name == "connections") made.connections = *value;
        if (name == "messages") made.messages = *value;
        if (name == "out") made.bytes_out = *value;
    }
    return is_one ? std::optional(made) : std::nullopt;
}

std::optional<io::endpoint> parse_listening(std::string_view line) {
    constexpr std::string_view front = "listening on ";
    if (!line.starts_with(front)) return std::nullopt;
    line.remove_prefix(front.size());
    line = line.substr(0, line.find(' '));
    const std::size_t colon = line.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = number_of<std::uint16_t>(line.substr(colon + 1));
    std::string_view address = line.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    if (!port) return std::nullopt;
    const auto made = io::endpoint::parse(address, *port);
    return made ? std::optional(*made) : std::nullopt;
}

std::vector<std::string> command_of(const candidate& who, const load& what, const programs& where) {
    if (who.is_peer()) return {fmt::format("{}/peer_{}", where.folder, who.engine), "0"};
    const std::size_t slash = who.model.find('/');
    const unsigned workers = who.has_process_per_connection() ? what.connections : who.workers;
    std::vector<std::string> words{where.nightjar, "echo",
                                   "--engine",     who.engine,
                                   "--model",      who.model.substr(0, slash),
                                   "--workers",    std::to_string(workers),
                                   "--port",       "0",
                                   "--address",    "127.0.0.1"};
    const auto add = [&](std::initializer_list<const char*> more) {
        words.insert(words.end(), more.begin(), more.end());
    };
    const std::string variant = slash == std::string::npos ? "" : who.model.substr(slash + 1);
    if (variant == "core") add({"--fork-per", "core"});
    if (variant == "mutex") add({"--accept", "mutex"});
    if (variant == "processes") add({"--processes"});
    if (variant == "steer") add({"--steer"});
    if (what.work_us != 0) add({"--work", std::to_string(what.work_us).c_str()});
    return words;
}

std::variant<server, std::string> server::start(const options& how) {
    auto begun = child::start(
        {.words = command_of(how.who, how.what, how.where), .processors = how.processors});
    if (!begun) return fmt::format("could not be started (error {})", begun.error().os);
    while (auto line = begun->line(start_max, how.stop)) {
        if (const auto at = parse_listening(*line)) return server(std::move(*begun), *at);
    }
    if (how.stop()) return std::string("was interrupted");
    if (begun->ends_within(answer_max)) return begun->last_words();
    return fmt::format("did not say within {} s that it listens", start_max / 1s);
}

std::map<unsigned, std::uint64_t> server::work(unsigned workers, const giving_up& stop) {
    std::map<unsigned, std::uint64_t> made;
    process_.signal(SIGUSR1);
    duration patience = answer_max;
    while (auto line = process_.line(patience, stop)) {
        if (const auto one = parse_worker(*line)) made[one->index] = one->messages;
        if (made.size() == workers) break;
        patience = pause_max;
    }
    return made;
}

}  // namespace nightjar::app::lab
