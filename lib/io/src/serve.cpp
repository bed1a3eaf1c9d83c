#include <nightjar/io/serve.hpp>

#include <cstdio>
#include <cstring>

namespace nightjar::io {

result<> server::crew::listen(const serve_options& how) {
    auto where = endpoint::parse(how.address, how.port);
    if (!where) return fail(where.error());
    auto made = on_.engine().listen({.at = *where, .v6_only = false, .device = {}}, *this);
    if (!made) return fail(made.error());
    listener_ = std::move(*made);
    return {};
}

void server::crew::dismiss() noexcept {
    listener_.reset();
    while (!posts_.empty()) {
        for (post& one : posts_) one.leave();
        on_.run_once(instant::min());
    }
}

int complain(std::string_view who, error why) noexcept {
    const std::string_view what = describe(why.what);
    std::fprintf(stderr, "%.*s: %.*s", static_cast<int>(who.size()), who.data(),
                 static_cast<int>(what.size()), what.data());
    if (why.os != 0) std::fprintf(stderr, " (%s)", ::strerrordesc_np(why.os));
    std::fputc('\n', stderr);
    return 1;
}

}  // namespace nightjar::io
