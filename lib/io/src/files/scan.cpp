#include "os/error.hpp"

#include <dirent.h>

#include <nightjar/io/files.hpp>

#include <cerrno>

namespace nightjar::io {
namespace {

using entries = std::vector<directory_entry>;

file_kind kind_of(unsigned char type) noexcept {
    switch (type) {
        case DT_REG: return file_kind::regular;
        case DT_DIR: return file_kind::directory;
        case DT_LNK: return file_kind::link;
        case DT_FIFO: return file_kind::fifo;
        case DT_SOCK: return file_kind::socket;
        case DT_CHR:
        case DT_BLK: return file_kind::device;
        default: return file_kind::unknown;  // not an enum; some file systems never say
    }
}

result<entries> read_all(DIR& from, std::size_t entries_max) {
    entries found;
    for (;;) {
        errno = 0;
        const dirent* const one = ::readdir(&from);
        if (one == nullptr && errno != 0) return fail(os::last_error());
        if (one == nullptr) return found;
        const std::string_view name = one->d_name;
        if (name == "." || name == "..") continue;
        if (found.size() == entries_max) return fail(error::no_room);
        found.push_back({std::string(name), kind_of(one->d_type)});
    }
}

result<entries> read_directory(const std::string& path, std::size_t entries_max) {
    DIR* const from = ::opendir(path.c_str());
    if (from == nullptr) return fail(os::last_error());
    auto found = read_all(*from, entries_max);
    ::closedir(from);
    return found;
}

}  // namespace

result<pending> files::scan(std::string_view path, std::size_t entries_max, told<entries> tell) {
    if (path.empty() || path.find('\0') != std::string_view::npos) return fail(error::invalid);
    return pool_.submit(
        [path = std::string(path), entries_max] { return read_directory(path, entries_max); },
        std::move(tell));
}

}  // namespace nightjar::io
