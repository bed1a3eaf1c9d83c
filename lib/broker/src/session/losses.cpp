#include "losses.hpp"

#include <fmt/format.h>

#include <numeric>

namespace nightjar::broker {

std::string_view describe(loss why) noexcept {
    switch (why) {
        case loss::queue_messages: return "its queue holds max_queued_messages";
        case loss::queue_bytes: return "its queue holds max_queued_bytes";
        case loss::slow_reader: return "it reads too slowly for max_outgoing_buffer_bytes";
        case loss::packet_size: return "they are larger than its Maximum Packet Size";
        case loss::memory: return "memory_limit is near";
    }
    return {};
}

std::uint64_t loss_record::total() const noexcept {
    return std::accumulate(by.begin(), by.end(), std::uint64_t{0});
}

std::string loss_record::text() const {
    std::string parts;
    for (std::size_t i = 0; i != loss_kinds; ++i)
        if (by[i] != 0)
            parts += fmt::format("{}{}: {}", parts.empty() ? "" : "; ", by[i],
                                 describe(static_cast<loss>(i)));
    return fmt::format("{} {} ({})", total(), total() == 1 ? "message" : "messages", parts);
}

}  // namespace nightjar::broker
