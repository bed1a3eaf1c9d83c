#include "message.hpp"

#include <nightjar/mqtt/decode.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nightjar::broker {
namespace {

std::vector<byte> flat(const io::outbox& from) {
    std::vector<byte> all;
    std::array<bytes_view, 64> pieces;
    const std::size_t count = from.gather(pieces);
    for (std::size_t i = 0; i != count; ++i)
        all.insert(all.end(), pieces[i].begin(), pieces[i].end());
    return all;
}

mqtt::publish decoded(const std::vector<byte>& raw, mqtt::version v) {
    const mqtt::cutting one = mqtt::cut_packet(raw, {});
    EXPECT_EQ(one.what, mqtt::cut::whole);
    EXPECT_EQ(one.packet.size, raw.size());
    mqtt::publish what;
    EXPECT_FALSE(mqtt::read(one.packet, v, {}, what));
    return what;
}

class forms : public testing::TestWithParam<std::size_t> {};

/// Whatever the size of the payload, each shape says the same as the message, and patches do not
/// disturb each other.
TEST_P(forms, say_what_the_message_says) {
    io::chunk_pool pool;
    std::vector<byte> payload(GetParam());
    for (std::size_t i = 0; i != payload.size(); ++i) payload[i] = static_cast<byte>(i * 7);
    const message_view what{
        .topic = "plant/7", .payload = payload, .level = mqtt::qos::exactly_once};
    outgoing one{what};
    for (const auto version : {mqtt::version::v3_1_1, mqtt::version::v5}) {
        for (const auto level :
             {mqtt::qos::at_most_once, mqtt::qos::at_least_once, mqtt::qos::exactly_once}) {
            const bool has_id = level != mqtt::qos::at_most_once;
            const stamp on{.level = level,
                           .retain = has_id,
                           .dup = has_id,
                           .id = static_cast<mqtt::packet_id>(has_id ? 0x1234 : 0)};
            io::outbox shared{pool, 1 << 24}, alone{pool, 1 << 24}, lent{pool, 1 << 24};
            const outgoing::form* form = one.as(version, has_id);
            ASSERT_NE(form, nullptr);
            ASSERT_TRUE(put(shared, *form, one.kept(), on));
            ASSERT_TRUE(put_alone(alone, one.view(), {}, version, on));
            const auto raw = flat(shared);
            EXPECT_EQ(raw, flat(alone));
            const message whole = message::copy_of(what);
            ASSERT_TRUE(put_alone(lent, whole.view(), {}, version, on, &whole));
            EXPECT_EQ(raw, flat(lent)) << "the payload where it lies";
            EXPECT_EQ(raw.size(), form->size);
            const mqtt::publish back = decoded(raw, version);
            EXPECT_EQ(back.topic, "plant/7");
            EXPECT_TRUE(equal(back.payload, payload));
            EXPECT_EQ(back.level, level);
            EXPECT_EQ(back.id, on.id);
            EXPECT_EQ(back.retain, on.retain);
            EXPECT_EQ(back.dup, on.dup);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(sizes, forms, testing::Values(0, 1, 64, 2000, 2047, 2048, 2500, 100'000));

TEST(outgoing, a_large_payload_is_shared_and_not_copied) {
    io::chunk_pool pool;
    const std::vector<byte> payload(100'000, 7);
    outgoing one{message_view{.topic = "t", .payload = payload}};
    io::outbox first{pool, 1 << 24}, second{pool, 1 << 24};
    for (io::outbox* out : {&first, &second}) {
        const auto* form = one.as(mqtt::version::v5, false);
        ASSERT_NE(form, nullptr);
        ASSERT_TRUE(put(*out, *form, one.kept(), {}));
    }
    std::array<bytes_view, 64> a, b;
    ASSERT_EQ(first.gather(a), 2U);
    ASSERT_EQ(second.gather(b), 2U);
    EXPECT_EQ(a[1].data(), b[1].data());
}

TEST(outgoing, writes_nothing_where_there_is_no_room) {
    io::chunk_pool pool;
    const std::vector<byte> payload(70'000, 7);
    outgoing one{message_view{.topic = "t", .payload = payload}};
    io::outbox out{pool, 1 << 16};
    const auto* form = one.as(mqtt::version::v3_1_1, false);
    ASSERT_NE(form, nullptr);
    EXPECT_FALSE(put(out, *form, one.kept(), {}));
    EXPECT_TRUE(out.empty());
}

TEST(message, survives_what_it_was_copied_from) {
    message kept;
    {
        const std::string topic = "a/b", payload(300, 'x');
        kept = message::copy_of({.topic = topic,
                                 .payload = as_bytes(payload),
                                 .level = mqtt::qos::at_least_once,
                                 .retain = true,
                                 .publisher = 9,
                                 .worker = 3});
    }
    const message_view seen = kept.view();
    EXPECT_EQ(seen.topic, "a/b");
    EXPECT_EQ(seen.payload.size(), 300U);
    EXPECT_EQ(seen.level, mqtt::qos::at_least_once);
    EXPECT_TRUE(seen.retain);
    EXPECT_EQ(seen.publisher, 9U);
    EXPECT_EQ(seen.worker, 3);
}

}  // namespace
}  // namespace nightjar::broker
