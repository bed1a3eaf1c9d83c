#include "payload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace nightjar::app {
namespace {

/// All of it, or what is there of it up to one byte more than a payload may have. Nullopt: an
/// error.
std::optional<std::string> read_all(std::FILE* from) {
    std::string all;
    char room[64 * 1024];
    while (all.size() <= payload_max) {
        const std::size_t most = std::min(sizeof room, payload_max + 1 - all.size());
        const std::size_t count = std::fread(room, 1, most, from);
        if (count == 0) break;
        all.append(room, count);
    }
    return std::ferror(from) != 0 ? std::nullopt : std::optional(std::move(all));
}

std::optional<std::string> read_file(const std::string& name) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(name.c_str(), "rb"),
                                                               std::fclose);
    auto all = file ? read_all(file.get()) : std::nullopt;
    if (!all) {
        fmt::print(stderr, "Error: Unable to {} file \"{}\".\n", file ? "read" : "open", name);
    } else if (all->size() > payload_max) {
        fmt::print(stderr, "Error: File must be less than {} bytes.\n", payload_max);
        all.reset();
    }
    return all;
}

std::optional<std::string> read_input(bool may_be_empty) {
    auto all = read_all(stdin);
    if (!all) {
        fmt::print(stderr, "Error: Unable to read the standard input.\n");
    } else if (all->size() > payload_max) {
        fmt::print(stderr, "Error: Message length must be less than {} bytes.\n", payload_max);
        all.reset();
    } else if (all->empty() && !may_be_empty) {
        fmt::print(stderr, "Error: Zero length input.\n");
        all.reset();
    }
    return all;
}

}  // namespace

std::optional<std::string> load_payload(const settings& how) {
    if (how.source == payload_source::file) return read_file(how.payload);
    // A request may be empty; a message that somebody forgot to pipe in should not be.
    if (how.source == payload_source::input) return read_input(how.response_topic.has_value());
    return how.payload;
}

}  // namespace nightjar::app
