#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "reading.hpp"

namespace nightjar::broker::config {
namespace {

namespace fs = std::filesystem;

/// A directory of its own, gone afterwards.
class files : public testing::Test {
protected:
    files() : root_(fs::temp_directory_path() / ("nightjar-config-" + std::to_string(::getpid()))) {
        fs::create_directories(root_ / "d");
    }
    ~files() override { fs::remove_all(root_); }

    std::string put(const std::string& name, const std::string& text) const {
        std::ofstream(root_ / name, std::ios::binary) << text;
        return (root_ / name).string();
    }
    std::string directory() const { return (root_ / "d").string(); }

    fs::path root_;
};

TEST_F(files, a_file_is_loaded) {
    const auto made = load(put("n.conf", "listener 1884\r\nallow_anonymous true"));
    EXPECT_TRUE(made.diagnostics.empty()) << check_report(made, "");
    EXPECT_EQ(made.value.listeners.at(0).port, 1884);
}

TEST_F(files, a_missing_file_is_an_error_with_its_name) {
    const auto made = load((root_ / "none.conf").string());
    ASSERT_EQ(count(made, severity::error), 1u);
    EXPECT_EQ(format(made.diagnostics[0]), (root_ / "none.conf").string() + ": cannot be read: " +
                                               std::string(describe(error::not_found)));
}

TEST_F(files, a_directory_is_not_a_file) {
    EXPECT_TRUE(contains(format(load(directory()).diagnostics.at(0)), "this is a directory"));
}

TEST_F(files, a_file_has_a_limit) {
    EXPECT_TRUE(load(put("a.conf", std::string(file_max, '\n'))).ok());
    const auto made = load(put("b.conf", std::string(file_max + 1, '\n')));
    EXPECT_TRUE(contains(format(made.diagnostics.at(0)), "more than 16777216 bytes"));
}

TEST_F(files, include_dir_reads_conf_files_in_mosquitto_s_order) {
    for (const std::string name : {"b", "A", "01", "a", "B", "00", "ab", "a-b"})
        put("d/" + name + ".conf", "listener 1883 " + name + ".example\n");
    const auto made = load(put("n.conf", "include_dir " + directory() + "\n"));
    std::vector<std::string> order;
    for (const listener_config& one : made.value.listeners) order.push_back(one.address);
    EXPECT_EQ(order,
              (std::vector<std::string>{"00.example", "01.example", "a-b.example", "A.example",
                                        "a.example", "ab.example", "B.example", "b.example"}));
}

TEST_F(files, include_dir_reads_conf_files_only) {
    put("d/a.conf", "max_keepalive 3\n");
    put("d/z.txt", "nonsense\n");
    put("d/.conf", "nonsense\n");
    const auto made = load(put("n.conf", "include_dir " + directory() + "\nsys_interval 5\n"));
    EXPECT_TRUE(made.ok()) << check_report(made, "");
    EXPECT_EQ(made.value.max_keepalive, 3);
    EXPECT_EQ(made.value.sys_interval.count(), 5);
}

TEST_F(files, mistakes_of_an_included_file_name_it) {
    const auto inner = put("d/a.conf", "\nmax_keepalive x\n");
    const auto made = load(put("n.conf", "include_dir " + directory() + "\n"));
    ASSERT_EQ(made.diagnostics.size(), 1u);
    EXPECT_EQ(made.diagnostics[0].file, inner);
    EXPECT_EQ(made.diagnostics[0].line, 2u);
}

TEST_F(files, a_missing_directory_is_an_error) {
    const auto made = load(put("n.conf", "\ninclude_dir " + directory() + "-none\n"));
    ASSERT_EQ(made.diagnostics.size(), 1u);
    EXPECT_EQ(made.diagnostics[0].line, 2u);
    EXPECT_EQ(made.diagnostics[0].option, "include_dir");
    EXPECT_TRUE(contains(made.diagnostics[0].message, "cannot read"));
}

TEST_F(files, an_empty_directory_is_fine) {
    EXPECT_TRUE(load(put("n.conf", "include_dir " + directory())).diagnostics.empty());
}

/// A reader over a function from a directory's name to one file's text.
loaded read_with(std::string_view text,
                 const std::function<std::string(std::string_view)>& text_of) {
    return parse(text, "t.conf", [&](std::string_view directory) -> result<std::vector<source>> {
        return std::vector<source>{{std::string(directory) + "/x.conf", text_of(directory)}};
    });
}

TEST(include, the_listener_s_scope_ends_with_its_file) {
    const auto made = read_with("listener 1\ninclude_dir d\nmax_qos 1\n",
                                [](std::string_view) { return "listener 2\nmax_qos 0\n"; });
    EXPECT_TRUE(made.ok()) << check_report(made, "");
    ASSERT_EQ(made.value.listeners.size(), 2u);
    EXPECT_EQ(made.value.listeners[0].max_qos, 1);
    EXPECT_EQ(made.value.listeners[1].max_qos, 0);
}

TEST(include, does_not_inherit_the_listener_of_the_file_outside) {
    const auto made =
        read_with("listener 1\ninclude_dir d\n", [](std::string_view) { return "max_qos 0\n"; });
    EXPECT_FALSE(made.ok());
    EXPECT_TRUE(
        contains(format(made.diagnostics.at(0)), "d/x.conf:1: max_qos: belongs to a listener"));
}

TEST(include, files_are_sorted_by_bytes_whatever_the_reader_s_order) {
    const auto unsorted = [](std::string_view) -> result<std::vector<source>> {
        return std::vector<source>{{"d/b.conf", "max_keepalive 3\n"},
                                   {"d/10.conf", "max_keepalive 1\n"},
                                   {"d/\xc3\xa4.conf", "max_keepalive 4\n"},
                                   {"d/B.conf", "max_keepalive 2\n"}};
    };
    const auto made = parse("include_dir d\n", "t.conf", unsorted);
    EXPECT_EQ(made.value.max_keepalive, 4);
    ASSERT_EQ(made.diagnostics.size(), 3u);
    EXPECT_EQ(made.diagnostics[0].file, "d/B.conf");
    EXPECT_EQ(made.diagnostics[1].file, "d/b.conf");
}

TEST(include, a_loop_is_found) {
    const auto made = read_with("include_dir a\n", [](std::string_view directory) {
        return directory == "a" ? "include_dir b\n" : "include_dir a\n";
    });
    ASSERT_EQ(made.diagnostics.size(), 1u);
    EXPECT_EQ(format(made.diagnostics[0]), "b/x.conf:1: include_dir: a includes itself");
}

TEST(include, depth_has_a_limit) {
    const auto deeper = [](std::string_view directory) {
        return "include_dir " + std::string(directory) + "x\n";
    };
    const auto made = read_with("include_dir x\n", deeper);
    ASSERT_EQ(made.diagnostics.size(), 1u);
    EXPECT_EQ(made.diagnostics[0].file, std::string(include_depth_max, 'x') + "/x.conf");
    EXPECT_TRUE(contains(made.diagnostics[0].message, "more than 8 directories within each other"));
}

TEST(include, files_have_a_limit) {
    const auto wide = [](std::string_view) -> result<std::vector<source>> {
        return std::vector<source>(600, source{"x.conf", "\n"});
    };
    const auto made = parse("include_dir a\ninclude_dir b\ninclude_dir c\n", "t.conf", wide);
    EXPECT_FALSE(made.ok());
    EXPECT_TRUE(
        std::any_of(made.diagnostics.begin(), made.diagnostics.end(), [](const diagnostic& one) {
            return one.line == 2 && contains(one.message, "more than 1024 files");
        }));
}

TEST(include, needs_a_directory_and_a_reader) {
    EXPECT_TRUE(contains(error_of("include_dir\n"), "expected a DIRECTORY, found nothing"));
    EXPECT_TRUE(contains(error_of("include_dir d\n"), "no directories to read from"));
}

}  // namespace
}  // namespace nightjar::broker::config
