#include <nightjar/io/engine.hpp>

namespace nightjar::io {

result<std::unique_ptr<engine>> make_libevent_engine(const engine_options&) {
    return fail(error::unsupported);
}

}  // namespace nightjar::io
