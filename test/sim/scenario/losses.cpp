#include "scenario/losses.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace nightjar::sim {
namespace {

/// Drops `start` from the front, if it is there.
bool skip(std::string_view& text, std::string_view start) {
    if (!text.starts_with(start)) return false;
    text.remove_prefix(start.size());
    return true;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end.ptr - text.data()));
    return value;
}

struct kind {
    std::string_view words;
    std::uint64_t broker::statistics::losses::*count;
};
constexpr kind kinds[] = {
    {"its queue holds max_queued_messages", &broker::statistics::losses::queue_messages},
    {"its queue holds max_queued_bytes", &broker::statistics::losses::queue_bytes},
    {"it reads too slowly for max_outgoing_buffer_bytes", &broker::statistics::losses::slow_reader},
    {"they are larger than its Maximum Packet Size", &broker::statistics::losses::packet_size},
    {"memory_limit is near", &broker::statistics::losses::memory},
};

}  // namespace

void loss_ledger::read(std::string_view line) {
    if (skip(line, "Outgoing messages are being dropped for client guest-")) {
        if (const auto client = take_number(line)) ++open_[static_cast<unsigned>(*client)];
        return;
    }
    if (!skip(line, "Client guest-")) return;
    const auto client = take_number(line);
    if (!client || !skip(line, " did not get ")) return;
    lost_[static_cast<unsigned>(*client)] += take_number(line).value_or(0);
    --open_[static_cast<unsigned>(*client)];
    const auto from = line.find('('), to = line.find(')');
    if (from < to && to != line.npos) read_kinds(line.substr(from + 1, to - from - 1));
}

/// "10: …; 2: …"
void loss_ledger::read_kinds(std::string_view all) {
    while (const auto count = take_number(all)) {
        skip(all, ": ");
        const auto words = all.substr(0, all.find(';'));
        kinds_[std::string(words)] += *count;
        all.remove_prefix(words.size());
        skip(all, "; ");
    }
}

std::uint64_t loss_ledger::of(unsigned client) const {
    const auto found = lost_.find(client);
    return found == lost_.end() ? 0 : found->second;
}

void loss_ledger::check(const broker::statistics::losses& counted,
                        const std::function<void(const std::string&)>& complain) const {
    for (const auto& [client, begun] : open_)
        if (begun != 0)
            complain(fmt::format("client {}: of its losses {} were begun and not summed up", client,
                                 begun));
    for (const kind& one : kinds) {
        const auto found = kinds_.find(one.words);
        const std::uint64_t said = found == kinds_.end() ? 0 : found->second;
        if (said != counted.*one.count)
            complain(fmt::format("{} messages were lost as {}, and {} said", counted.*one.count,
                                 one.words, said));
    }
    std::uint64_t of_clients = 0;
    for (const auto& [client, count] : lost_) of_clients += count;
    if (of_clients != total(counted))
        complain(fmt::format("{} messages were lost, and {} said by client", total(counted),
                             of_clients));
}

std::uint64_t total(const broker::statistics::losses& of) noexcept {
    std::uint64_t sum = 0;
    for (const kind& one : kinds) sum += of.*one.count;
    return sum;
}

}  // namespace nightjar::sim
