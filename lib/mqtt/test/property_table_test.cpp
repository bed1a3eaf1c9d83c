// Every property at every place: allowed where table 2-4 of the standard says, refused elsewhere,
// once or often. [MQTT-5 2.2.2.2]

#include "examples.hpp"

#include <algorithm>

namespace nightjar::mqtt {
namespace {

using place = property_place;

struct row {
    unsigned id;
    std::string_view value;  ///< A legal one.
    std::vector<place> places;
};

const std::vector<place> everywhere = {
    place::connect,   place::will,        place::connack, place::publish,   place::puback,
    place::pubrec,    place::pubrel,      place::pubcomp, place::suback,    place::unsuback,
    place::subscribe, place::unsubscribe, place::auth,    place::disconnect};

const std::vector<place> messages = {place::publish, place::will};
const std::vector<place> answers = {place::connack,  place::puback,  place::pubrec,
                                    place::pubrel,   place::pubcomp, place::suback,
                                    place::unsuback, place::auth,    place::disconnect};

/// Table 2-4.
const std::vector<row> table = {
    {0x01, "01", messages},
    {0x02, "00 00 00 00", messages},
    {0x03, "00 01 't'", messages},
    {0x08, "00 01 't'", messages},
    {0x09, "00 02 00 ff", messages},
    {0x0B, "ff ff ff 7f", {place::publish, place::subscribe}},
    {0x11, "ff ff ff ff", {place::connect, place::connack, place::disconnect}},
    {0x12, "00 01 'c'", {place::connack}},
    {0x13, "00 00", {place::connack}},
    {0x15, "00 01 'm'", {place::connect, place::connack, place::auth}},
    {0x16, "00 01 00", {place::connect, place::connack, place::auth}},
    {0x17, "00", {place::connect}},
    {0x18, "00 00 00 00", {place::will}},
    {0x19, "01", {place::connect}},
    {0x1A, "00 00", {place::connack}},
    {0x1C, "00 01 's'", {place::connack, place::disconnect}},
    {0x1F, "00 00", answers},
    {0x21, "00 01", {place::connect, place::connack}},
    {0x22, "00 00", {place::connect, place::connack}},
    {0x23, "00 01", {place::publish}},
    {0x24, "01", {place::connack}},
    {0x25, "00", {place::connack}},
    {0x26, "00 01 'k' 00 00", everywhere},
    {0x27, "00 00 00 01", {place::connect, place::connack}},
    {0x28, "01", {place::connack}},
    {0x29, "00", {place::connack}},
    {0x2A, "01", {place::connack}},
};

bool is_in(place which, const std::vector<place>& all) {
    return std::find(all.begin(), all.end(), which) != all.end();
}

/// The list with its length in front. AUTH, and CONNECT with authentication data, cannot be without
/// a method.
std::vector<byte> list_of(place where, unsigned id, std::string_view value, int times) {
    std::vector<byte> list;
    if (id != 0x15 && (where == place::auth || (where == place::connect && id == 0x16)))
        list = unhex("15 00 01 'm'");
    for (int i = 0; i < times; ++i) {
        list.push_back(static_cast<byte>(id));
        const std::vector<byte> raw = unhex(value);
        list.insert(list.end(), raw.begin(), raw.end());
    }
    list.insert(list.begin(), static_cast<byte>(list.size()));
    return list;
}

std::optional<reason> read_one(place where, unsigned id, std::string_view value, int times = 1) {
    const std::vector<byte> list = list_of(where, id, value, times);
    const exact raw{list};
    bytes_view in = raw;
    properties found;
    const auto why = read_properties(in, where, {}, found);
    if (!why) {
        EXPECT_TRUE(in.empty());
        EXPECT_EQ(found.raw().size(), list.size() - 1);
    }
    return why;
}

TEST(property_table, stands_where_the_standard_says) {
    for (const row& it : table)
        for (const place where : everywhere) {
            SCOPED_TRACE("property " + std::to_string(it.id) + " at place " +
                         std::to_string(static_cast<int>(where)));
            const auto why = read_one(where, it.id, it.value);
            if (is_in(where, it.places))
                EXPECT_FALSE(why);
            else
                EXPECT_EQ(why, reason::malformed_packet);
        }
}

TEST(property_table, stands_once_but_for_two) {
    for (const row& it : table)
        for (const place where : it.places) {
            SCOPED_TRACE("property " + std::to_string(it.id) + " at place " +
                         std::to_string(static_cast<int>(where)));
            const bool may_repeat = it.id == 0x26 || (it.id == 0x0B && where == place::publish);
            const auto why = read_one(where, it.id, it.value, 2);
            if (may_repeat)
                EXPECT_FALSE(why);
            else
                EXPECT_EQ(why, reason::protocol_error);
        }
}

TEST(property_table, every_other_number_is_no_property) {
    for (unsigned id = 0; id < 256; ++id) {
        const bool known =
            std::any_of(table.begin(), table.end(), [&](const row& it) { return it.id == id; });
        EXPECT_EQ(kind_of(static_cast<property_id>(id)) != property_kind::none, known) << id;
        EXPECT_EQ(!name_of(static_cast<property_id>(id)).empty(), known) << id;
        if (!known) {
            EXPECT_EQ(read_one(place::publish, id, "00 00 00 00"), reason::malformed_packet) << id;
        }
    }
}

TEST(property_table, every_cut_value_is_malformed) {
    for (const row& it : table) {
        const std::size_t size = unhex(it.value).size();
        for (std::size_t cut = 0; cut < size; ++cut) {
            std::vector<byte> list = list_of(it.places[0], it.id, it.value, 1);
            const std::size_t dropped = size - cut;
            list.resize(list.size() - dropped);
            list[0] = static_cast<byte>(list[0] - dropped);
            bytes_view in{list};
            properties found;
            EXPECT_EQ(read_properties(in, it.places[0], {}, found), reason::malformed_packet)
                << it.id << ' ' << cut;
        }
    }
}

TEST(property_table, values_out_of_range) {
    for (const unsigned flag : {0x17u, 0x19u})
        EXPECT_EQ(read_one(place::connect, flag, "02"), reason::protocol_error) << flag;
    for (const unsigned flag : {0x24u, 0x25u, 0x28u, 0x29u, 0x2Au})
        EXPECT_EQ(read_one(place::connack, flag, "02"), reason::protocol_error) << flag;
    EXPECT_EQ(read_one(place::publish, 0x01, "02"), reason::protocol_error);
    EXPECT_EQ(read_one(place::publish, 0x0B, "00"), reason::protocol_error);
    EXPECT_EQ(read_one(place::publish, 0x23, "00 00"), reason::topic_alias_invalid);
    EXPECT_EQ(read_one(place::connack, 0x21, "00 00"), reason::protocol_error);
    EXPECT_EQ(read_one(place::connack, 0x27, "00 00 00 00"), reason::protocol_error);
    EXPECT_EQ(read_one(place::will, 0x08, "00 01 '+'"), reason::malformed_packet);
    EXPECT_EQ(read_one(place::publish, 0x0B, "80 00"), reason::malformed_packet) << "padded";
    EXPECT_EQ(read_one(place::publish, 0x0B, "ff ff ff ff 7f"), reason::malformed_packet)
        << "five bytes";
    for (const unsigned text : {0x12u, 0x15u, 0x1Au, 0x1Cu, 0x1Fu})
        EXPECT_EQ(read_one(place::connack, text, "00 01 ff"), reason::malformed_packet) << text;
}

TEST(property_table, writer_makes_what_the_reader_takes) {
    byte room[128];
    property_writer out{room};
    out.add(property_id::payload_format_indicator, 1)
        .add(property_id::message_expiry_interval, 0x01020304);
    out.add(property_id::topic_alias, 0x0506).add(property_id::subscription_identifier, 300);
    out.add(property_id::content_type, "text/plain").add("name", "value");
    const byte data[] = {0, 255};
    out.add(property_id::correlation_data, bytes_view{data});
    ASSERT_TRUE(out.ok());
    const properties made = out.made();
    EXPECT_EQ(hex(made.raw()),
              "01 01 02 01 02 03 04 23 05 06 0b ac 02 03 00 0a 74 65 78 74 2f 70 6c 61 69 6e 26 00 "
              "04 6e 61 6d 65 00 "
              "05 76 61 6c 75 65 09 00 02 00 ff");
    EXPECT_EQ(made.number(property_id::subscription_identifier), 300u);
    EXPECT_EQ(made.text(property_id::content_type), "text/plain");
    EXPECT_FALSE(made.number(property_id::receive_maximum));
    EXPECT_FALSE(made.text(property_id::reason_string));

    byte copies[128];
    property_writer again{copies};
    for (const property& each : made) again.add(each);
    EXPECT_EQ(hex(again.made().raw()), hex(made.raw()));
}

TEST(property_table, writer_says_when_something_does_not_fit) {
    byte small[4];
    EXPECT_TRUE(property_writer{small}.add(property_id::topic_alias, 1).ok());
    EXPECT_FALSE(property_writer{small}.add(property_id::message_expiry_interval, 1).ok());
    std::vector<byte> large(140'000);
    const std::string longest(65'535, 'x'), longer(65'536, 'x');
    EXPECT_TRUE(property_writer{large}.add(property_id::reason_string, longest).ok());
    EXPECT_FALSE(property_writer{large}.add(property_id::reason_string, longer).ok());
    EXPECT_TRUE(property_writer{large}.add(longest, longest).ok());
    EXPECT_FALSE(property_writer{large}.add(longest, longer).ok());
}

}  // namespace
}  // namespace nightjar::mqtt
