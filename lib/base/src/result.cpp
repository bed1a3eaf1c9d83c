#include <nightjar/base/result.hpp>

namespace nightjar {

std::string_view describe(error::kind what) noexcept {
    switch (what) {
        case error::none: return "no error";
        case error::end_of_stream: return "end of stream";
        case error::reset: return "connection reset";
        case error::refused: return "connection refused";
        case error::unreachable: return "host unreachable";
        case error::timed_out: return "timed out";
        case error::cancelled: return "cancelled";
        case error::no_room: return "no room";
        case error::in_use: return "already in use";
        case error::denied: return "permission denied";
        case error::not_found: return "not found";
        case error::unsupported: return "not supported here";
        case error::invalid: return "invalid argument";
        case error::protocol: return "protocol violation";
        case error::system: return "system error";
    }
    return "unknown error";  // a number that was cast to the enumeration
}

}  // namespace nightjar
