#include <nightjar/io/engine.hpp>

#include <algorithm>
#include <array>

namespace nightjar::io {
namespace {

// In the order of engine_kind.
constexpr std::array<std::string_view, 5> names{"auto", "epoll", "io_uring", "libuv", "libevent"};

std::string explain(error why) {
    std::string out = "io_uring cannot be used here (";
    out += describe(why.what);
    if (why.os != 0) out += std::string(", errno ") + std::to_string(why.os);
    return out + "), so this loop runs on epoll";
}

}  // namespace

result<std::unique_ptr<engine>> make_engine(engine_kind which, const engine_options& how,
                                            std::string* fallback) {
    switch (which) {
        case engine_kind::epoll: return make_epoll_engine(how);
        case engine_kind::uring: return make_uring_engine(how);
        case engine_kind::libuv: return make_libuv_engine(how);
        case engine_kind::libevent: return make_libevent_engine(how);
        case engine_kind::automatic: break;
    }
    auto best = make_uring_engine(how);
    if (best) return best;
    if (fallback != nullptr) *fallback = explain(best.error());
    return make_epoll_engine(how);
}

std::string_view name_of(engine_kind which) noexcept {
    return names[static_cast<std::size_t>(which)];
}

result<engine_kind> parse_engine(std::string_view name) noexcept {
    const auto* const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return fail(error::invalid);
    return static_cast<engine_kind>(found - names.begin());
}

}  // namespace nightjar::io
