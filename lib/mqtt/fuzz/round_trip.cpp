// What was read and is written again is read as the same once more; and its size is what size_of()
// promised.
//
//     byte 0: version; the rest: one packet

#include <cstdlib>
#include <vector>

#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>

namespace {

using namespace nightjar;
using namespace nightjar::mqtt;

void insist(bool kept) {
    if (!kept) std::abort();
}

std::vector<byte> written(const packet& what, version v, std::size_t room) {
    std::vector<byte> raw(room);
    fixed_output out{raw};
    insist(encode(what, v, out));
    raw.resize(out.written().size());
    return raw;
}

template <class Packet>
concept sized = requires(const Packet& p, version v) {
    size_of(p, v);
};

std::size_t promised(const packet& what, version v) {
    return std::visit(
        [v]<class Packet>(const Packet& p) -> std::size_t {
            if constexpr (sized<Packet>) return size_of(p, v);
            return 0;
        },
        what);
}

/// Walks what a reader of the packet would walk: every property, every filter.
std::size_t walk(const properties& list) {
    std::size_t size = 0;
    for (const property& each : list) size += each.raw.size();
    insist(size == list.raw().size());
    return size;
}

template <class Packet>
void walk(const Packet& p) {
    if constexpr (requires { p.props; }) walk(p.props);
    if constexpr (requires { p.last_will; }) {
        if (p.last_will) walk(p.last_will->props);
    }
    if constexpr (requires { p.filters; }) {
        for (auto rest = p.filters; !rest.empty();) rest.take();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr version all[] = {version::v3_1, version::v3_1_1, version::v5};
    version v = all[data[0] % 3];
    const step first = decode({data + 1, size - 1}, v, {});
    const framed* found = std::get_if<framed>(&first);
    if (!found) return 0;
    if (const connect* opening = std::get_if<connect>(&found->what)) v = opening->version;
    std::visit([](const auto& p) { walk(p); }, found->what);

    // A packet is never written longer than it came.
    const std::vector<byte> once = written(found->what, v, found->size);
    const std::size_t expected = promised(found->what, v);
    insist(expected == 0 || expected == once.size());
    const step second = decode(once, v, {});
    const framed* again = std::get_if<framed>(&second);
    insist(again && again->what.index() == found->what.index() && again->size == once.size());
    insist(written(again->what, v, once.size()) == once);
    return 0;
}
