// nightjar lab: compares loops and ways to use the processors, with an echo server.

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "../subcommand.hpp"
#include "client.hpp"
#include "explain.hpp"
#include "options.hpp"
#include "record_json.hpp"
#include "report.hpp"
#include "run.hpp"

namespace nightjar::app {
namespace {

using namespace lab;

constexpr std::uint64_t spare_descriptors = 128;

int complain(std::string_view what) {
    fmt::print(stderr, "nightjar lab: {}.\n", what);
    return 1;
}

/// Where the last run is kept; empty if there is no home for it. [XDG base directories, state]
std::filesystem::path last_run() {
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != 0)
        return std::filesystem::path(state) / "nightjar/lab.json";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != 0)
        return std::filesystem::path(home) / ".local/state/nightjar/lab.json";
    return {};
}

std::optional<std::string> read_file(const std::filesystem::path& from) {
    std::ifstream file(from, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// true; or false, and the error output says why.
bool write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) complain(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
    return static_cast<bool>(file);
}

bool write_markdown(const std::string& path, const record& what) {
    const auto page = read_file(path);
    if (!page) return complain(fmt::format("cannot read {}", path)), false;
    const auto made = between_marks(*page, to_markdown(what));
    if (made) return write_file(path, *made);
    complain(fmt::format("{} has no lines <!-- lab: begin --> and <!-- lab: end -->", path));
    return false;
}

/// For `explain` without a file. That it cannot be kept is no fault of the run.
void keep(const std::string& json) {
    const std::filesystem::path path = last_run();
    if (path.empty()) return;
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << json;
}

bool report(const run_options& how, const record& what) {
    const std::string json = to_json(what).dump(1) + "\n";
    keep(json);
    bool is_written = true;
    if (how.json == "-") fmt::print("{}", json);
    if (!how.json.empty() && how.json != "-") is_written &= write_file(how.json, json);
    if (!how.html.empty()) is_written &= write_file(how.html, to_page(what));
    if (!how.markdown.empty()) is_written &= write_markdown(how.markdown, what);
    if (how.text) fmt::print("{}", to_text(what));
    return is_written;
}

/// Before an hour of load, not after it.
std::optional<std::string> trouble_ahead(const run_options& how) {
    const unsigned most = *std::max_element(how.connections.begin(), how.connections.end());
    if (!allow_descriptors(most + spare_descriptors))
        return fmt::format(
            "{} connections are more than this system allows one process (ulimit -Hn)", most);
    for (const std::string& path : {how.json, how.html}) {
        if (path.empty() || path == "-") continue;
        if (!std::ofstream(path, std::ios::app))
            return fmt::format("cannot write {}: {}", path, std::strerror(errno));
    }
    if (how.markdown.empty()) return std::nullopt;
    const auto page = read_file(how.markdown);
    if (!page || !between_marks(*page, {}))
        return fmt::format(
            "{} cannot be read, or has no lines <!-- lab: begin --> and "
            "<!-- lab: end -->",
            how.markdown);
    return std::nullopt;
}

int run_lab(const run_options& how) {
    if (const auto trouble = trouble_ahead(how)) return complain(*trouble);
    std::optional<record> found;
    {
        const interruption interrupted;  // what came meanwhile does its work behind this
        found = lab::run(how, interrupted);
        if (!found) complain("interrupted; nothing is written");
    }
    if (!found) return 1;
    if (found->cells.empty()) return complain("there is nothing to measure here");
    return report(how, *found) ? 0 : 1;
}

int explain_run(const explain_options& how) {
    const std::string path = how.file.empty() ? last_run().string() : how.file;
    const auto text = read_file(path);
    if (!text && how.file.empty())
        return complain("there was no run yet; `nightjar lab run` makes one");
    if (!text) return complain(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    std::string trouble;
    const auto found = from_json(*text, trouble);
    if (!found) return complain(fmt::format("{}: {}", path, trouble));
    fmt::print("{}", to_text(explain(*found)));
    return 0;
}

}  // namespace

int lab_main(std::span<char* const> arguments) {
    const choice chosen = parse(arguments);
    if (const auto* how = std::get_if<run_options>(&chosen)) return run_lab(*how);
    if (const auto* how = std::get_if<explain_options>(&chosen)) return explain_run(*how);
    return std::get<int>(chosen);
}

}  // namespace nightjar::app
