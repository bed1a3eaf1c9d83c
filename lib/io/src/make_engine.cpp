#include <nightjar/io/engine.hpp>

namespace nightjar::io {
namespace {

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
        case engine_kind::automatic: break;
    }
    auto best = make_uring_engine(how);
    if (best) return best;
    if (fallback != nullptr) *fallback = explain(best.error());
    return make_epoll_engine(how);
}

result<engine_kind> parse_engine(std::string_view name) noexcept {
    if (name == "auto") return engine_kind::automatic;
    if (name == "epoll") return engine_kind::epoll;
    if (name == "io_uring") return engine_kind::uring;
    return fail(error::invalid);
}

}  // namespace nightjar::io
