#include <gtest/gtest.h>

#include <nightjar/mqtt/properties.hpp>

#include <cstdlib>
#include <fstream>

#include "../flags.hpp"

namespace nightjar::app {
namespace {

using words = std::vector<std::string_view>;

/// What is wrong with the line; empty: nothing.
std::string trouble_of(tool which, const words& line, settings& target) {
    auto bad = read_arguments(which, line, target);
    if (!bad) bad = check(which, target);
    return bad ? bad->text : "";
}

std::string trouble_of(tool which, const words& line) {
    settings target;
    return trouble_of(which, line, target);
}

TEST(flags, each_tool_has_its_own) {
    EXPECT_EQ(trouble_of(tool::pub, {"-t", "a", "-m", "x", "-r", "-l"}),
              "Only one type of message can be sent at once.");
    EXPECT_EQ(trouble_of(tool::sub, {"-t", "a", "-r"}), "Unknown option '-r'.");
    EXPECT_EQ(trouble_of(tool::rr, {"-t", "a", "-l"}), "Unknown option '-l'.");
    EXPECT_EQ(trouble_of(tool::pub, {"-e", "a"}), "Unknown option '-e'.");
}

TEST(flags, an_argument_that_is_missing_is_named) {
    EXPECT_EQ(trouble_of(tool::pub, {"-h"}), "-h argument given but no host specified.");
    EXPECT_EQ(trouble_of(tool::sub, {"--filter-out"}),
              "-T argument given but no topic filter specified.");
    EXPECT_EQ(trouble_of(tool::pub, {"-D"}),
              "--property argument given but not enough arguments specified.");
}

TEST(flags, the_last_one_wins_but_filters_add_up) {
    settings s;
    EXPECT_EQ(trouble_of(tool::pub, {"-t", "a", "-t", "b", "-m", "x", "-q", "1", "-q", "2"}, s),
              "");
    EXPECT_EQ(s.topics, std::vector<std::string>{"b"});
    EXPECT_EQ(s.level, mqtt::qos::exactly_once);
    settings t;
    EXPECT_EQ(trouble_of(tool::sub, {"-t", "a", "-t", "b/#"}, t), "");
    EXPECT_EQ(t.topics, (std::vector<std::string>{"a", "b/#"}));
}

TEST(flags, a_property_makes_it_5_0) {
    settings s;
    EXPECT_EQ(
        trouble_of(tool::pub,
                   {"-V", "311", "-t", "a", "-m", "x", "-D", "PUBLISH", "user-property", "k", "v"},
                   s),
        "");
    EXPECT_EQ(s.how.version, mqtt::version::v5);
    const mqtt::properties props{bytes_view{s.publish_properties}};
    EXPECT_EQ((*props.begin()).text, "k");
    EXPECT_EQ((*props.begin()).second, "v");
}

TEST(flags, what_the_standard_forbids_is_refused) {
    const words base{"-t", "a", "-m", "x"};
    const auto with = [&](words more) {
        words line = base;
        line.insert(line.end(), more.begin(), more.end());
        return trouble_of(tool::pub, line);
    };
    // 0 is a protocol error for these. [MQTT-5 3.1.2.11.3, 3.1.2.11.4, 3.3.2.3.4]
    EXPECT_NE(with({"-D", "connect", "receive-maximum", "0"}), "");
    EXPECT_NE(with({"-D", "connect", "maximum-packet-size", "0"}), "");
    EXPECT_NE(with({"-D", "publish", "topic-alias", "0"}), "");
    // Only user properties may be there more than once. [MQTT-5 2.2.2.2]
    EXPECT_NE(with({"-D", "publish", "content-type", "a", "-D", "publish", "content-type", "b"}),
              "");
    EXPECT_EQ(with({"-D", "publish", "user-property", "a", "b", "-D", "publish", "user-property",
                    "a", "b"}),
              "");
    // A response topic has no wildcard. [MQTT-3.3.2-14]
    EXPECT_NE(with({"-D", "publish", "response-topic", "a/#"}), "");
    EXPECT_NE(with({"-D", "connect", "authentication-data", "x"}), "");
    EXPECT_EQ(with({"-D", "puback", "user-property", "a", "b"}),
              "user-property property not supported for puback in --property argument.");
}

TEST(flags, a_session_without_end_needs_a_name) {
    EXPECT_EQ(trouble_of(tool::sub, {"-t", "a", "-c"}),
              "You must provide a client id if you are using the -c option.");
    EXPECT_EQ(trouble_of(tool::sub, {"-t", "a", "-c", "-V", "5"}),
              "You must provide a client id if you are using an infinite session expiry interval.");
    EXPECT_EQ(trouble_of(tool::sub, {"-t", "a", "-c", "-V", "5", "-x", "9", "-i", "me"}), "");
    EXPECT_EQ(trouble_of(tool::sub, {"-t", "a", "-i", ""}), "Invalid id.");
}

TEST(flags, malformed_text_is_refused) {
    EXPECT_EQ(trouble_of(tool::pub, {"-t", "\xff", "-m", "x"}), "Malformed UTF-8 in -t argument.");
    EXPECT_EQ(trouble_of(tool::sub, {"-T", "\xff"}), "Malformed UTF-8 in -T argument.");
    EXPECT_NE(
        trouble_of(tool::pub, {"-t", "a", "-m", "x", "-D", "publish", "content-type", "\xff"}), "");
}

TEST(flags, what_is_not_here_says_so) {
    for (const auto* one : {"--cafile", "--ws", "--proxy", "-A", "-S", "--psk", "--mptcp"}) {
        settings s;
        const auto bad = read_arguments(tool::sub, words{"-t", "a", one, "x"}, s);
        ASSERT_TRUE(bad) << one;
        EXPECT_EQ(bad->code, 2) << one;
        EXPECT_NE(bad->text.find("not available yet"), std::string::npos) << one;
    }
    for (const auto* url : {"mqtts://h/t", "ws://h/t", "wss://h/t"}) {
        settings s;
        const auto bad = read_arguments(tool::sub, words{"-L", url}, s);
        ASSERT_TRUE(bad) << url;
        EXPECT_EQ(bad->code, 2) << url;
    }
}

TEST(options_files, a_line_is_a_flag_and_the_rest_its_argument) {
    settings s;
    EXPECT_FALSE(read_options(tool::sub, "# said\n\n-t a b\r\n  -d \n-i  me too\n", s));
    EXPECT_EQ(s.topics, std::vector<std::string>{"a b"});
    EXPECT_TRUE(s.is_traced);
    EXPECT_EQ(s.given_id, "me too");
}

TEST(options_files, a_property_has_its_words) {
    settings s;
    EXPECT_FALSE(read_options(tool::pub,
                              "-D publish user-property name two words\n"
                              "-D publish content-type text/plain; x\n",
                              s));
    const mqtt::properties props{bytes_view{s.publish_properties}};
    EXPECT_EQ((*props.begin()).second, "two words");
    EXPECT_EQ(props.text(mqtt::property_id::content_type), "text/plain; x");
}

TEST(options_files, mistakes_are_told) {
    settings s;
    EXPECT_EQ(read_options(tool::pub, "-d x\n", s)->text, "Unknown option 'x'.");
    EXPECT_EQ(read_options(tool::pub, "-i", s)->text, "-i argument given but no id specified.");
}

class command_lines : public testing::Test {
protected:
    command_lines() { ::setenv("XDG_CONFIG_HOME", testing::TempDir().c_str(), 1); }

    static std::string write(const std::string& name, const std::string& text) {
        std::string path = testing::TempDir() + "/" + name;
        std::ofstream(path) << text;
        return path;
    }

    static trouble read(std::vector<std::string> line, settings& target) {
        line.insert(line.begin(), "pub");
        std::vector<char*> raw;
        for (std::string& one : line) raw.push_back(one.data());
        return read_command_line(tool::pub, raw, target);
    }
};

TEST_F(command_lines, come_after_the_defaults) {
    const std::string path = write("mosquitto_pub", "-q 1\n-i file\n-u name\n");
    settings s;
    EXPECT_FALSE(read({"-t", "a", "-m", "x", "-i", "line"}, s));
    EXPECT_EQ(s.how.client_id, "line");
    EXPECT_EQ(s.how.user_name, "name");
    EXPECT_EQ(s.level, mqtt::qos::at_least_once);
    std::remove(path.c_str());
}

TEST_F(command_lines, name_a_file_instead_of_the_defaults) {
    const std::string defaults = write("mosquitto_pub", "-q 1\n");
    const std::string named = write("named", "-t b\n-m -o\n");
    settings s;
    EXPECT_FALSE(read({"-o", named}, s));
    EXPECT_EQ(s.level, mqtt::qos::at_most_once);
    EXPECT_EQ(s.payload, "-o");
    settings t;
    EXPECT_TRUE(read({"-o", named + ".none", "-t", "a", "-m", "x"}, t));
    std::remove(defaults.c_str());
    std::remove(named.c_str());
}

}  // namespace
}  // namespace nightjar::app
