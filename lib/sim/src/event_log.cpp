#include <nightjar/sim/event_log.hpp>

namespace nightjar::sim {

std::uint64_t hash_of(bytes_view what, std::uint64_t before) noexcept {
    for (const byte one : what) before = (before ^ one) * 0x100000001b3;
    return before;
}

void event_log::add(instant at, std::string_view what) {
    whole_.clear();
    const auto ns = at.time_since_epoch().count();
    fmt::format_to(std::back_inserter(whole_), "{}.{:09} {}\n", ns / 1'000'000'000,
                   ns % 1'000'000'000, what);
    const std::string_view line(whole_.data(), whole_.size());
    hash_ = hash_of(as_bytes(line), hash_);
    ++lines_;
    if (is_kept_) text_ += line;
    if (file_ != nullptr) std::fwrite(line.data(), 1, line.size(), file_);
}

}  // namespace nightjar::sim
