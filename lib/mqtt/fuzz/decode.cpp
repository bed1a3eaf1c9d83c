// Any split of a stream gives the same packets, or the same refusal: one reader has all bytes at
// once, the other gets them in chunks and asks only when it has what it was told to bring.
//
//     byte 0: version; byte 1: which limits; byte 2: n; n bytes: sizes of chunks, used in turn; the
//     rest: the stream

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

#include <nightjar/mqtt/decode.hpp>

namespace {

using namespace nightjar;
using namespace nightjar::mqtt;

void insist(bool kept) {
    if (!kept) std::abort();
}

version version_of(byte drawn) {
    constexpr version all[] = {version::v3_1, version::v3_1_1, version::v5};
    return all[drawn % 3];
}

limits limits_of(byte drawn) {
    limits max;
    if (drawn & 1) max.packet_max = 64;
    if (drawn & 2) max.topic_levels_max = 2;
    if (drawn & 4) max.user_properties_max = 1;
    if (drawn & 8) max.topic_bytes_max = 5;
    return max;
}

/// What became of a stream, as text: type and size of each packet, and the reason if it ended in
/// one.
struct story {
    std::string told;
    std::size_t eaten = 0;
    std::size_t wanted =
        0;  ///< How many bytes of the stream must be there before it makes sense to ask again.
    bool over = false;
};

/// Takes what is whole off the first `have` bytes. Each call sees a block of just that size.
void go_on(story& s, bytes_view stream, std::size_t have, version v, const limits& max) {
    const std::size_t size = have - s.eaten;
    const auto block = std::make_unique<byte[]>(size);
    copy(stream.subspan(s.eaten, size), {block.get(), size});
    bytes_view in{block.get(), size};
    while (!s.over && have >= s.wanted) {
        const step done = decode(in, v, max);
        if (const need* more = std::get_if<need>(&done)) {
            insist(more->more > 0);
            s.wanted = have + more->more;
        } else if (const framed* found = std::get_if<framed>(&done)) {
            insist(found->size >= 2 && found->size <= in.size() && found->size <= max.packet_max);
            s.told += std::to_string(found->what.index()) + ":" + std::to_string(found->size) + " ";
            s.eaten += found->size;
            s.wanted = 0;
            in = in.subspan(found->size);
        } else {
            s.told += "refused " + std::to_string(static_cast<int>(std::get<reason>(done)));
            s.over = true;
        }
    }
}

/// An end of the stream in the middle of what a reader waits for: it may know less than one that
/// asked at the end.
void ask_at_the_end(story& s, bytes_view stream, version v, const limits& max) {
    s.wanted = 0;
    go_on(s, stream, stream.size(), v, max);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bytes_view in{data, size};
    if (in.size() < 3 || in.size() < 3u + in[2]) return 0;
    const version v = version_of(in[0]);
    const limits max = limits_of(in[1]);
    const bytes_view chunks = in.subspan(3, in[2]);
    const bytes_view stream = in.subspan(3 + chunks.size());

    story at_once, in_pieces;
    go_on(at_once, stream, stream.size(), v, max);
    std::size_t have = 0;
    for (std::size_t i = 0; i < chunks.size() && have < stream.size(); ++i) {
        have = std::min(stream.size(), have + 1 + chunks[i]);
        go_on(in_pieces, stream, have, v, max);
        if (in_pieces.over) break;
    }
    ask_at_the_end(in_pieces, stream, v, max);
    insist(at_once.told == in_pieces.told && at_once.eaten == in_pieces.eaten);
    return 0;
}
