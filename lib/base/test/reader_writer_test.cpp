#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <nightjar/base/reader.hpp>
#include <nightjar/base/writer.hpp>
#include <vector>

namespace nightjar {
namespace {

TEST(reader, reads_big_endian_fields_in_order) {
    const std::array<byte, 10> in{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 'a', 'b', 0xff};
    reader r(in);
    EXPECT_EQ(r.u8(), 0x01);
    EXPECT_EQ(r.u16(), 0x0203);
    EXPECT_EQ(r.u32(), 0x04050607U);
    EXPECT_EQ(as_text(r.take(2)), "ab");
    EXPECT_EQ(r.left(), 1U);
    EXPECT_EQ(r.rest()[0], 0xff);
    EXPECT_TRUE(r.ok());
    EXPECT_TRUE(r.rest().empty());
    EXPECT_TRUE(r.take(0).empty());
    EXPECT_TRUE(r.ok());
}

TEST(reader, a_field_that_is_not_whole_fails_for_good) {
    const std::array<byte, 3> in{0xff, 0xff, 0xff};
    reader r(in);
    EXPECT_EQ(r.u32(), 0U);
    EXPECT_FALSE(r.ok());
    EXPECT_EQ(r.left(), 0U);
    EXPECT_EQ(r.u8(), 0);  // there was a byte, but after a failure nothing is read
    EXPECT_EQ(r.u16(), 0);
    EXPECT_TRUE(r.take(1).empty());
    EXPECT_TRUE(r.rest().empty());
    EXPECT_FALSE(r.ok());
}

TEST(reader, takes_no_size_that_wraps_around) {
    const std::array<byte, 3> in{1, 2, 3};
    reader r(in);
    EXPECT_TRUE(r.take(~std::size_t{0}).empty());
    EXPECT_FALSE(r.ok());
}

TEST(reader, fails_by_hand) {
    const std::array<byte, 3> in{1, 2, 3};
    reader r(in);
    r.fail();
    EXPECT_FALSE(r.ok());
    EXPECT_EQ(r.u8(), 0);
}

TEST(reader, of_nothing_is_ok_until_asked) {
    reader r(bytes_view{});
    EXPECT_TRUE(r.ok());
    EXPECT_EQ(r.left(), 0U);
    EXPECT_EQ(r.u8(), 0);
    EXPECT_FALSE(r.ok());
}

TEST(writer, writes_big_endian_fields_in_order) {
    std::array<byte, 9> room{};
    writer w(room);
    w.u8(0x01);
    w.u16(0x0203);
    w.u32(0x04050607);
    w.put(as_bytes("ab"));
    ASSERT_TRUE(w.ok());
    EXPECT_EQ(w.left(), 0U);
    const std::array<byte, 9> expected{1, 2, 3, 4, 5, 6, 7, 'a', 'b'};
    EXPECT_TRUE(equal(w.written(), expected));
}

TEST(writer, a_field_that_does_not_fit_fails_for_good) {
    std::array<byte, 3> room{0xee, 0xee, 0xee};
    writer w(room);
    w.u8(1);
    w.u32(2);
    w.u8(3);  // would fit, but comes after the failure
    w.put(as_bytes("x"));
    EXPECT_FALSE(w.ok());
    EXPECT_EQ(w.left(), 0U);
    ASSERT_EQ(w.written().size(), 1U);
    EXPECT_EQ(w.written()[0], 1);
    EXPECT_EQ(room[1], 0xee);
    EXPECT_EQ(room[2], 0xee);
}

TEST(writer, nothing_always_fits) {
    writer w(bytes{});
    w.put({});
    EXPECT_TRUE(w.ok());
    EXPECT_TRUE(w.written().empty());
}

/// One field of a random record: its width (1, 2, 4, or bytes) and what it holds.
struct field {
    unsigned kind;
    std::uint32_t value;
    std::vector<byte> raw;
    std::size_t size() const { return kind == 3 ? raw.size() : std::size_t{1} << kind; }
};

field any_field() {
    return {*rc::gen::inRange(0U, 4U), *rc::gen::arbitrary<std::uint32_t>(),
            *rc::gen::arbitrary<std::vector<byte>>()};
}

void write(writer& w, const field& f) {
    if (f.kind == 0) w.u8(static_cast<std::uint8_t>(f.value));
    if (f.kind == 1) w.u16(static_cast<std::uint16_t>(f.value));
    if (f.kind == 2) w.u32(f.value);
    if (f.kind == 3) w.put(f.raw);
}

bool reads_back(reader& r, const field& f) {
    if (f.kind == 0) return r.u8() == static_cast<std::uint8_t>(f.value);
    if (f.kind == 1) return r.u16() == static_cast<std::uint16_t>(f.value);
    if (f.kind == 2) return r.u32() == f.value;
    return equal(r.take(f.raw.size()), f.raw);
}

TEST(reader_writer, what_was_written_reads_back_and_a_cut_is_noticed) {
    EXPECT_TRUE(rc::check([] {
        std::vector<field> fields;
        const auto count = *rc::gen::inRange(1, 20);
        for (int i = 0; i < count; ++i) fields.push_back(any_field());
        std::size_t whole = 0;
        for (const field& f : fields) whole += f.size();

        std::vector<byte> room(whole + 1);
        writer w(room);
        for (const field& f : fields) write(w, f);
        RC_ASSERT(w.ok());
        RC_ASSERT(w.written().size() == whole);
        reader r(w.written());
        for (const field& f : fields) RC_ASSERT(reads_back(r, f));
        RC_ASSERT(r.ok());
        RC_ASSERT(r.left() == 0U);

        RC_PRE(whole > 0);
        const auto cut = *rc::gen::inRange<std::size_t>(0, whole);
        reader short_of(w.written().first(cut));
        for (const field& f : fields) reads_back(short_of, f);
        RC_ASSERT(!short_of.ok());
        writer too_small(bytes(room).first(cut));
        for (const field& f : fields) write(too_small, f);
        RC_ASSERT(!too_small.ok());
    }));
}

}  // namespace
}  // namespace nightjar
