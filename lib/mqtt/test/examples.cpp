#include "examples.hpp"

#include <algorithm>
#include <cstdio>

namespace nightjar::mqtt {
namespace {

int digit_of(char c) {
    const std::string_view digits = "0123456789abcdef";
    const auto at = digits.find(c);
    if (at == std::string_view::npos) ADD_FAILURE() << "not a hexadecimal digit: " << c;
    return static_cast<int>(at);
}

void hold_prefixes(const example& it, bytes_view raw) {
    for (std::size_t size = 0; size < raw.size(); ++size) {
        const step done = decode(exact{raw.first(size)}, it.v, {});
        const need* more = std::get_if<need>(&done);
        ASSERT_TRUE(more) << size << " bytes: " << describe(done);
        EXPECT_GE(more->more, 1u);
        EXPECT_LE(more->more, raw.size() - size) << "after " << size << " bytes";
    }
}

void hold_legal(const example& it, bytes_view raw) {
    const step done = decode(raw, it.v, {});
    const framed* found = std::get_if<framed>(&done);
    ASSERT_TRUE(found) << describe(done);
    EXPECT_EQ(found->size, raw.size());
    const std::vector<byte> again = encoded(found->what, it.v);
    if (it.expected == legal)
        EXPECT_EQ(hex(again), hex(raw));
    else
        EXPECT_TRUE(hex(again) != hex(raw) && again.size() <= raw.size());
    hold_prefixes(it, raw);
}

void hold_refused(const example& it, bytes_view raw) {
    const step done = decode(raw, it.v, {});
    const reason* why = std::get_if<reason>(&done);
    ASSERT_TRUE(why) << describe(done);
    if (it.expected != closes) {
        EXPECT_EQ(static_cast<int>(*why), it.expected) << describe(done);
    }
}

}  // namespace

std::vector<byte> unhex(std::string_view text) {
    std::vector<byte> raw;
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
        } else if (text.front() == '\'') {
            const std::string_view inner = text.substr(1, text.find('\'', 1) - 1);
            raw.insert(raw.end(), inner.begin(), inner.end());
            text.remove_prefix(inner.size() + 2);
        } else {
            raw.push_back(static_cast<byte>(digit_of(text[0]) << 4 | digit_of(text[1])));
            text.remove_prefix(2);
        }
    }
    return raw;
}

std::string hex(bytes_view raw) {
    std::string text;
    char two[4];
    for (const byte each : raw) {
        std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(each));
        text += (text.empty() ? "" : " ") + std::string(two);
    }
    return text;
}

exact::exact(bytes_view raw) : block_(new byte[raw.size()]), size_(raw.size()) {
    std::copy(raw.begin(), raw.end(), block_.get());
}

std::string describe(const step& what) {
    if (const need* more = std::get_if<need>(&what)) return "need " + std::to_string(more->more);
    if (const framed* found = std::get_if<framed>(&what))
        return "packet of " + std::to_string(found->size);
    const reason code = std::get<reason>(what);
    const byte raw = static_cast<byte>(code);
    return "reason 0x" + hex({&raw, 1}) + " " + std::string(describe(code));
}

std::vector<byte> encoded(const packet& what, version v) {
    std::vector<byte> room(256 * 1024);
    fixed_output out{room};
    EXPECT_TRUE(encode(what, v, out));
    return {out.written().begin(), out.written().end()};
}

void hold(std::initializer_list<example> all) {
    for (const example& it : all) {
        SCOPED_TRACE(std::string(it.about) + ": " + std::string(it.hex));
        const exact raw{it.hex};
        if (it.expected == legal || it.expected == other_form)
            hold_legal(it, raw);
        else
            hold_refused(it, raw);
    }
}

}  // namespace nightjar::mqtt
