#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <nightjar/base/output.hpp>
#include <string>
#include <vector>

namespace nightjar {
namespace {

TEST(fixed_output, keeps_what_was_committed_only) {
    std::array<byte, 8> region{};
    fixed_output out(region);
    EXPECT_TRUE(out.written().empty());
    const bytes room = out.reserve(5);
    ASSERT_GE(room.size(), 5U);
    copy(as_bytes("abcde"), room);
    out.commit(3);
    EXPECT_EQ(as_text(out.written()), "abc");
    EXPECT_TRUE(out.put(as_bytes("xyz")));
    EXPECT_EQ(as_text(out.written()), "abcxyz");
}

TEST(fixed_output, refuses_what_does_not_fit_and_stays_as_it_was) {
    std::array<byte, 4> region{};
    fixed_output out(region);
    EXPECT_TRUE(out.put(as_bytes("abc")));
    EXPECT_FALSE(out.put(as_bytes("de")));
    EXPECT_TRUE(out.reserve(2).empty());
    EXPECT_EQ(as_text(out.written()), "abc");
    EXPECT_TRUE(out.put(as_bytes("d")));
    EXPECT_TRUE(out.put({}));
    EXPECT_FALSE(out.put(as_bytes("e")));
    EXPECT_EQ(as_text(out.written()), "abcd");
    out.clear();
    EXPECT_TRUE(out.written().empty());
    EXPECT_TRUE(out.put(as_bytes("efgh")));
}

TEST(fixed_output, over_nothing_is_full) {
    fixed_output out(bytes{});
    EXPECT_TRUE(out.put({}));
    EXPECT_FALSE(out.put(as_bytes("a")));
    EXPECT_TRUE(out.written().empty());
}

/// An owner with chunks of 8 bytes, as many as it may have.
class chunked_output final : public output {
public:
    explicit chunked_output(std::size_t chunks_max) : output(grow), chunks_max_(chunks_max) {}

    std::string all() const {
        std::string joined;
        for (std::size_t i = 0; i < chunks_.size(); ++i) {
            const byte* end = i + 1 == chunks_.size() ? at() : chunks_[i].end;
            joined += as_text({chunks_[i].room.get(), end});
        }
        return joined;
    }
    std::size_t grown() const { return chunks_.size(); }

private:
    struct chunk {
        std::unique_ptr<byte[]> room;
        const byte* end;
    };

    static bool grow(output& self, std::size_t size) noexcept {
        auto& me = static_cast<chunked_output&>(self);
        if (me.chunks_.size() == me.chunks_max_ || size > 8) return false;
        if (!me.chunks_.empty()) me.chunks_.back().end = me.at();
        me.chunks_.push_back({std::make_unique<byte[]>(8), nullptr});
        byte* begin = me.chunks_.back().room.get();
        me.window(begin, begin + 8);
        return true;
    }

    std::size_t chunks_max_;
    std::vector<chunk> chunks_;
};

TEST(output, grows_once_per_chunk_and_loses_nothing) {
    chunked_output out(3);
    std::string expected;
    for (const char* word : {"one", "four", "nine", "fifteen", "x"}) {
        ASSERT_TRUE(out.put(as_bytes(word))) << word;
        expected += word;
    }
    EXPECT_EQ(out.all(), expected);
    EXPECT_EQ(out.grown(), 3U);  // "one four" | "nine" | "fifteen x"
    EXPECT_FALSE(out.put(as_bytes("y")));
    EXPECT_EQ(out.all(), expected);
}

TEST(output_death, a_commit_beyond_the_room_is_a_broken_promise) {
    std::array<byte, 4> region{};
    fixed_output out(region);
    EXPECT_DEATH(out.commit(5), "within what was reserved");
}

}  // namespace
}  // namespace nightjar
