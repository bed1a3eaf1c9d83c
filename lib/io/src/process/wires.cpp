#include "process/wires.hpp"

#include "os/error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace nightjar::io {
namespace {

std::vector<char*> null_ended(const std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (const std::string& one : texts) all.push_back(const_cast<char*>(one.c_str()));
    all.push_back(nullptr);
    return all;
}

bool has_nul(const std::vector<std::string>& texts) {
    return std::ranges::any_of(
        texts, [](const std::string& one) { return one.find('\0') != std::string::npos; });
}

bool is_sensible(const process_options& how) {
    if (how.command.empty() || how.command[0].empty() || has_nul(how.command)) return false;
    if (how.environment && has_nul(*how.environment)) return false;
    return std::ranges::all_of(how.descriptors, [](const auto& one) {
        return one.first >= 3 && one.first < 65'536 && one.second >= 0;
    });
}

}  // namespace

error process::wires::lay(const process_options& how) {
    if (!is_sensible(how)) return error::invalid;
    plan_.arguments = null_ended(how.command);
    if (how.environment) plan_.environment = null_ended(*how.environment);
    if (!how.directory.empty()) plan_.directory = how.directory.c_str();
    plan_.user = how.user;
    plan_.group = how.group;
    plan_.new_session = how.new_session;
    for (const auto& [theirs, ours] : how.descriptors)
        plan_.descriptors.push_back({.theirs = theirs, .ours = ours});
    error why = wire(STDIN_FILENO, how.input, input);
    if (why == error::none) why = wire(STDOUT_FILENO, how.output, output);
    if (why == error::none) why = wire(STDERR_FILENO, how.errors, errors);
    return why;
}

error process::wires::wire(int theirs, process_options::wiring how, handle& ours) {
    if (how == process_options::wiring::shared) return error::none;
    if (how == process_options::wiring::nothing) return wire_null(theirs);
    auto made = make_pipe();
    if (!made) return made.error();
    const bool child_reads = theirs == STDIN_FILENO;
    ours = std::move(child_reads ? made->writing : made->reading);
    lent_.push_back(std::move(child_reads ? made->reading : made->writing));
    plan_.descriptors.push_back({.theirs = theirs, .ours = static_cast<int>(lent_.back().value())});
    return error::none;
}

error process::wires::wire_null(int theirs) {
    const int fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0) return os::last_error();
    lent_.push_back(kernel_handle(fd));
    plan_.descriptors.push_back({.theirs = theirs, .ours = fd});
    return error::none;
}

}  // namespace nightjar::io
