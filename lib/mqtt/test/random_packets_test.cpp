// Any legal packet, any split of a stream, any cut, any changed byte.
// The seed is fixed; RC_PARAMS="seed=…" in the environment sets another, and a failure prints what
// reproduces it.

#include <cstdlib>

#include <rapidcheck.h>

#include "examples.hpp"
#include "maker.hpp"
#include "same.hpp"

namespace nightjar::mqtt {
namespace {

const bool seeded = setenv("RC_PARAMS", "seed=20140410 max_success=500", 0) == 0;

maker::dice rapid_dice() {
    return [](unsigned end) { return *rc::gen::inRange(0u, end); };
}

version any_version() { return *rc::gen::element(v31, v311, v5); }

bool is_same(const step& done, const packet& sent, std::size_t size) {
    const framed* found = std::get_if<framed>(&done);
    return found && found->size == size && same(found->what, sent);
}

TEST(random_packets, are_read_as_they_were_written) {
    ASSERT_TRUE(seeded);
    EXPECT_TRUE(rc::check("encode, decode", [] {
        maker make{rapid_dice()};
        const version v = any_version();
        const packet sent = make.any(v);
        const exact raw{encoded(sent, v)};
        const step done = decode(raw, v, {});
        RC_LOG() << hex(raw) << ": " << describe(done);
        RC_ASSERT(is_same(done, sent, raw.size()));
    }));
}

TEST(random_packets, ask_for_more_when_cut) {
    EXPECT_TRUE(rc::check("every truncation", [] {
        maker make{rapid_dice()};
        const version v = any_version();
        const std::vector<byte> raw = encoded(make.any(v), v);
        for (std::size_t size = 0; size < raw.size(); ++size) {
            const exact front{bytes_view{raw}.first(size)};
            const step done = decode(front, v, {});
            RC_LOG() << hex(front) << ": " << describe(done);
            const need* more = std::get_if<need>(&done);
            RC_ASSERT(more);
            RC_ASSERT(more->more >= 1 && more->more <= raw.size() - size);
        }
    }));
}

/// Takes packets off the front while there are whole ones, and never asks again before it has what
/// it needs.
class receiver {
public:
    explicit receiver(version v) : v_(v) {}

    void take(bytes_view chunk) {
        held_.insert(held_.end(), chunk.begin(), chunk.end());
        while (held_.size() >= wanted_) {
            const exact in{held_};
            const step done = decode(in, v_, {});
            if (const need* more = std::get_if<need>(&done)) {
                wanted_ = held_.size() + more->more;
                return;
            }
            const framed& found = std::get<framed>(done);
            got.push_back(encoded(found.what, v_));
            held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(found.size));
            wanted_ = 0;
        }
    }
    bool is_empty() const { return held_.empty(); }

    std::vector<std::vector<byte>> got;

private:
    version v_;
    std::vector<byte> held_;
    std::size_t wanted_ = 0;
};

TEST(random_packets, are_the_same_in_any_split) {
    EXPECT_TRUE(rc::check("any split", [] {
        maker make{rapid_dice()};
        const version v = any_version();
        std::vector<std::vector<byte>> sent;
        std::vector<byte> stream;
        for (unsigned n = *rc::gen::inRange(1u, 6u); n > 0; --n) {
            sent.push_back(encoded(make.any(v), v));
            stream.insert(stream.end(), sent.back().begin(), sent.back().end());
        }
        receiver to{v};
        for (bytes_view rest{stream}; !rest.empty();) {
            const std::size_t size = std::min<std::size_t>(rest.size(), *rc::gen::inRange(1u, 40u));
            to.take(rest.first(size));
            rest = rest.subspan(size);
        }
        RC_ASSERT(to.is_empty());
        RC_ASSERT(to.got == sent);
    }));
}

TEST(random_packets, with_one_byte_changed_are_legal_or_refused) {
    EXPECT_TRUE(rc::check("every byte", [] {
        maker make{rapid_dice()};
        const version v = any_version();
        std::vector<byte> raw = encoded(make.any(v), v);
        for (byte& each : raw) {
            const byte before = each;
            each = static_cast<byte>(each ^ *rc::gen::inRange(1u, 256u));
            const exact changed{raw};
            const step done = decode(changed, v, {});
            RC_LOG() << hex(changed) << ": " << describe(done);
            if (const framed* found = std::get_if<framed>(&done)) {
                RC_ASSERT(found->size <= raw.size());
                // A CONNECT brings its own version.
                const connect* opening = std::get_if<connect>(&found->what);
                const version its = opening ? opening->version : v;
                const exact again{encoded(found->what, its)};
                RC_ASSERT(is_same(decode(again, its, {}), found->what, again.size()));
            }
            each = before;
        }
    }));
}

/// The head and the payload apart are the packet; and the identifier is where `id_offset` says.
TEST(random_packets, have_a_head_that_stands_alone) {
    EXPECT_TRUE(rc::check("encode_head", [] {
        maker make{rapid_dice()};
        const version v = any_version();
        const packet any = make.any(v);
        const publish* p = std::get_if<publish>(&any);
        if (!p) return;
        const std::vector<byte> whole = encoded(any, v);
        std::vector<byte> head(whole.size() - p->payload.size());
        const publish_head made = encode_head(*p, v, head);
        RC_ASSERT(made.size == head.size());
        RC_ASSERT(equal(head, bytes_view{whole}.first(head.size())));
        RC_ASSERT(size_of(*p, v) == whole.size());
        const std::size_t at = made.id_offset;
        RC_ASSERT((at == 0) == (p->level == qos::at_most_once));
        RC_ASSERT(at == 0 || (whole[at] << 8 | whole[at + 1]) == p->id);
        head.pop_back();
        RC_ASSERT(encode_head(*p, v, head).size == 0u);
    }));
}

}  // namespace
}  // namespace nightjar::mqtt
