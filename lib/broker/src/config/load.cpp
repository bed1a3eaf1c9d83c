#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "draft.hpp"

namespace nightjar::broker::config {

namespace {

namespace fs = std::filesystem;

error error_of(int os) {
    if (os == ENOENT || os == ENOTDIR) return {error::not_found, os};
    if (os == EACCES || os == EPERM) return {error::denied, os};
    return {error::system, os};
}

/// A whole file, or why not; a directory is `invalid`, and more than `file_max` is `no_room`.
result<source> read_file(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return fail(error::invalid);
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) return fail(error_of(errno));
    source read{path.string(), std::string(file_max + 1, '\0')};
    in.read(read.text.data(), static_cast<std::streamsize>(read.text.size()));
    if (in.bad()) return fail(error_of(errno));
    read.text.resize(static_cast<std::size_t>(in.gcount()));
    if (read.text.size() > file_max) return fail(error::no_room);
    return read;
}

result<std::vector<source>> read_directory(std::string_view directory) {
    std::error_code why;
    std::vector<source> all;
    for (fs::directory_iterator at(fs::path(directory), why), end; !why && at != end;
         at.increment(why)) {
        if (at->path().extension() != ".conf") continue;
        auto one = read_file(at->path());
        if (!one) return fail(one.error());
        all.push_back(std::move(*one));
    }
    if (why) return fail(error_of(why.value()));
    return all;
}

std::string sentence(error why) {
    if (why == error::invalid) return "this is a directory, not a file";
    if (why == error::no_room) return fmt::format("more than {} bytes", file_max);
    return fmt::format("cannot be read: {}", describe(why.what));
}

}  // namespace

bool loaded::ok() const noexcept {
    return std::none_of(diagnostics.begin(), diagnostics.end(),
                        [](const diagnostic& one) { return one.how == severity::error; });
}

setting as_setting(std::string_view argument) {
    const auto end = std::min(argument.find_first_of("= \t"), argument.size());
    const auto rest = argument.substr(std::min(end + 1, argument.size()));
    return {std::string(trim(argument.substr(0, end))), std::string(trim(rest))};
}

loaded load(const std::string& path, std::span<const setting> command_line) {
    const auto file = read_file(path);
    if (file) return parse(file->text, path, read_directory, command_line);
    auto made = parse({}, path, {}, command_line);
    made.diagnostics.insert(made.diagnostics.begin(),
                            {severity::error, path, 0, {}, sentence(file.error())});
    return made;
}

loaded defaults(std::span<const setting> command_line) { return parse({}, {}, {}, command_line); }

}  // namespace nightjar::broker::config
