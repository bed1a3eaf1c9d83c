#include "lab/record_json.hpp"
#include "lab/report.hpp"
#include "lab/table.hpp"
#include "made.hpp"

namespace nightjar::app::lab {
namespace {

record rich() {
    cell broken = cell_of({"libuv", "cluster", 2}, small_many, {1});
    broken.rounds[0] = {.trouble = "ended with code 2"};
    cell shared = cell_of({"epoll", "reuseport", 2}, small_many, {1.5, 2.5});
    shared.is_shared = true;
    shared.rounds[0].unfairness = 0.25;
    shared.rounds[0].bytes_per_connection = 1234;
    record made = record_of({cell_of(peer("epoll"), small_one, {1, 2}), broken, shared});
    made.cells[0].what = {.connections = 7,
                          .size = 4096,
                          .inflight = 16,
                          .separate = true,
                          .think_ms = 3,
                          .work_us = 9};
    made.cells[2].who.on_all = true;
    made.notes = {"engine libevent: not in this build"};
    made.where.is_virtual = true;
    made.where.load_before = 0.5;
    return made;
}

TEST(Json, ReadsWhatItWrote) {
    const record before = rich();
    std::string trouble;
    const auto after = from_json(to_json(before).dump(), trouble);
    ASSERT_TRUE(after) << trouble;
    EXPECT_EQ(*after, before);
}

TEST(Json, SaysWhatIsWrong) {
    const auto wrong = [](const std::string& text) {
        std::string trouble;
        EXPECT_FALSE(from_json(text, trouble)) << text;
        return trouble;
    };
    EXPECT_NE(wrong("{").find("parse error"), std::string::npos);
    EXPECT_EQ(wrong("[]"), "this is no result of `nightjar lab run --json`");
    EXPECT_EQ(wrong("{\"scenario\": \"pairs\"}"), "this is no result of `nightjar lab run --json`");
    EXPECT_EQ(wrong("{\"nightjar_lab\": 99}"),
              "format 99 is not known here; this program reads format 1");
    auto cut = to_json(rich());
    cut["cells"][0].erase("engine");
    EXPECT_NE(wrong(cut.dump()).find("engine"), std::string::npos);
    cut = to_json(rich());
    cut["cells"][0]["rounds"][0]["seconds"] = "long";
    EXPECT_NE(wrong(cut.dump()).find("type"), std::string::npos);
}

TEST(Names, SayWhatIsMeasured) {
    EXPECT_EQ(name_of(peer("epoll")), "bare epoll");
    EXPECT_EQ(name_of(peer("libuv")), "plain libuv");
    EXPECT_EQ(name_of(single("io_uring")), "io_uring, single");
    EXPECT_EQ(name_of(candidate{"epoll", "prefork", 4}), "epoll, prefork × 4");
    EXPECT_EQ(name_of(candidate{"epoll", "fork", 4}), "epoll, fork");
    EXPECT_EQ(name_of(candidate{"epoll", "single", 1, true}), "epoll, single on all processors");
    EXPECT_EQ(name_of(load{}), "1 connection, 64 bytes, one at a time");
    EXPECT_EQ(name_of(load{.connections = 1000, .size = 4096, .inflight = 16}),
              "1,000 connections, 4,096 bytes, 16 in one write");
    EXPECT_EQ(name_of(load{.connections = 2, .inflight = 3, .separate = true}),
              "2 connections, 64 bytes, 3 in a write each");
    EXPECT_EQ(name_of(load{.connections = 2, .think_ms = 100}),
              "2 connections, 64 bytes, one at a time, 100 ms of thought");
}

TEST(Table, HoldsEachRowAgainstTheFirstSoundOne) {
    cell broken = cell_of(peer("epoll"), small_many, {1});
    broken.rounds[0] = {.trouble = "is not here"};
    const auto tables = tables_of(record_of({broken, cell_of(peer("libuv"), small_many, {2}),
                                             cell_of(single("libuv"), small_many, {3})}));
    ASSERT_EQ(tables.size(), 1U);
    EXPECT_EQ(tables[0].rows[0].trouble, "is not here");
    EXPECT_EQ(tables[0].rows[0].cells[0], "");
    EXPECT_EQ(tables[0].rows[1].cells[1], "1.00");
    EXPECT_EQ(tables[0].rows[2].cells[0], "3.00");
    EXPECT_EQ(tables[0].rows[2].cells[1], "1.50");
}

TEST(Table, SaysHowManyRoundsFailed) {
    cell one = cell_of(single("epoll"), small_many, {1, 2, 3});
    one.rounds[1] = {.trouble = "ended a connection: reset"};
    const auto tables = tables_of(record_of({one}));
    EXPECT_EQ(tables[0].rows[0].trouble, "1 of 3 rounds failed: ended a connection: reset");
    EXPECT_EQ(tables[0].rows[0].cells[0], "2.00 (1.00 … 3.00)");
}

TEST(Markdown, GoesBetweenTheMarksAndNowhereElse) {
    const std::string page = "a\n<!-- lab: begin -->\nold\n<!-- lab: end -->\nz\n";
    EXPECT_EQ(between_marks(page, "new\n"), "a\n<!-- lab: begin -->\nnew\n<!-- lab: end -->\nz\n");
    EXPECT_FALSE(between_marks("no marks\n", "new\n"));
    EXPECT_FALSE(between_marks("<!-- lab: begin -->\n", "new\n"));
}

TEST(Text, HasAColumnOnlyWhereSomethingWasMeasured) {
    record what = record_of({cell_of(single("epoll"), small_many, {1})});
    const std::string without = to_text(what);
    const std::string table = without.substr(without.rfind("100 connections"));
    EXPECT_EQ(table.find("uneven"), std::string::npos);
    what.cells[0].rounds[0].unfairness = 0.125;
    const std::string with = to_text(what);
    EXPECT_NE(with.substr(with.rfind("100 connections")).find("uneven"), std::string::npos);
}

}  // namespace
}  // namespace nightjar::app::lab
