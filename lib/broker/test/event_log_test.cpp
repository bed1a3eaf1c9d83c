// One event stays one line, whatever a client sent.
#include "event_log.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace nightjar::broker {
namespace {

class kept final : public log_sink {
public:
    void write(log_config::type, std::string_view line) noexcept override {
        lines.emplace_back(line);
    }
    void write_about(log_config::type what, std::string_view line,
                     const log_subject& about) noexcept override {
        clients.emplace_back(about.client);
        write(what, line);
    }
    std::vector<std::string> lines, clients;
};

TEST(printable, leaves_text_alone) {
    for (const std::string text :
         {"", "a b", "größe 温度 \xF0\x9F\x90\xA6", "back\\slash", "\xC2\xA0"})
        EXPECT_EQ(printable(text), text);
}

TEST(printable, writes_controls_as_numbers) {
    EXPECT_EQ(printable("a\nb\r\tc\x1b[31m\x7f"), "a\\x0ab\\x0d\\x09c\\x1b[31m\\x7f");
    EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
    EXPECT_EQ(printable("\xC2\x85\xC2\x9B!"), "\\x85\\x9b!") << "C1: NEL and CSI";
    EXPECT_EQ(printable("\xC2"), "\xC2") << "half a character is not one";
}

TEST(event_log, formats_what_is_wanted_and_cleans_it) {
    kept sink;
    event_log log(sink, log_config::notice);
    log(log_config::notice, "Client {}.", "a\nb");
    log(log_config::debug, "Client {}.", "c");
    EXPECT_EQ(sink.lines, std::vector<std::string>{"Client a\\x0ab."});
    log.set_types(log_config::debug);
    log.about({.client = "c", .address = {}, .listener = {}, .reason = {}}, log_config::debug, "x");
    EXPECT_EQ(sink.lines.size(), 2u);
    EXPECT_EQ(sink.clients, std::vector<std::string>{"c"});
}

}  // namespace
}  // namespace nightjar::broker
