// What happens to files is heard of, by whatever way it happens.
#include <nightjar/io/file_events.hpp>

#include "contract/suite.hpp"
#include "parts/folder.hpp"
#include "parts/part.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace nightjar::io::test {
namespace {

using kind = file_event::kind;

const char* word(kind what) {
    switch (what) {
        case kind::created: return "created";
        case kind::changed: return "changed";
        case kind::written: return "written";
        case kind::deleted: return "deleted";
        case kind::moved_out: return "moved_out";
        case kind::moved_in: return "moved_in";
        case kind::replaced: return "replaced";
        case kind::overflow: return "overflow";
    }
    return "?";
}

class file_news : public part {
protected:
    void SetUp() override {
        part::SetUp();
        if (lab_ == nullptr) return;
        auto made = file_events::make(loop());
        ASSERT_TRUE(made);
        events_ = std::move(*made);
    }
    void TearDown() override {
        item_.reset();
        events_.reset();
    }
    void watch_directory() { keep(events_->watch_directory(home_.path(), teller())); }
    void watch_file(const std::string& name) { keep(events_->watch_file(home_ / name, teller())); }
    void keep(result<std::unique_ptr<file_events::item>> made) {
        ASSERT_TRUE(made);
        item_ = std::move(*made);
    }
    file_events::told teller() {
        return [this](const file_event& what) {
            std::string text = word(what.what);
            if (!what.name.empty()) text += ' ' + std::string(what.name);
            if (heard_.empty() || heard_.back() != text) heard_.push_back(text);
            if (what.cookie != 0) cookies_.push_back(what.cookie);
        };
    }
    bool hears(const std::string& what) {
        return until([&] { return std::ranges::count(heard_, what) > 0; });
    }
    /// All that comes within a while.
    std::vector<std::string> heard() {
        lab_->rest(30ms);
        return std::exchange(heard_, {});
    }
    handle open_new(const std::string& name) const {
        return kernel_handle(::open((home_ / name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    }
    using words = std::vector<std::string>;

    folder home_;
    std::unique_ptr<file_events> events_;
    std::unique_ptr<file_events::item> item_;
    words heard_;
    std::vector<unsigned> cookies_;
};

TEST_P(file_news, of_a_directory_name_what_happens_in_it) {
    watch_directory();
    home_.put("one", "text");
    EXPECT_EQ(heard(), (words{"created one", "changed one", "written one"}));
    std::filesystem::rename(home_ / "one", home_ / "two");
    EXPECT_EQ(heard(), (words{"moved_out one", "moved_in two"}));
    ASSERT_EQ(cookies_.size(), 2U);
    EXPECT_EQ(cookies_[0], cookies_[1]) << "the halves of one rename";
    ::chmod((home_ / "two").c_str(), 0600);
    EXPECT_EQ(heard(), words{"changed two"});
    std::filesystem::remove(home_ / "two");
    EXPECT_EQ(heard(), words{"deleted two"});
    std::filesystem::create_directory(home_ / "sub");
    EXPECT_EQ(heard(), words{"created sub"});
    std::filesystem::remove_all(home_.path());
    EXPECT_TRUE(hears("deleted"));
}

TEST_P(file_news, of_a_file_are_its_own_alone) {
    home_.put("one", "a");
    watch_file("one");
    home_.put("other", "x");
    EXPECT_EQ(heard(), words{});
    home_.put("one", "b");
    EXPECT_EQ(heard(), (words{"changed", "written"}));
    std::filesystem::remove(home_ / "one");
    EXPECT_EQ(heard(), words{"deleted"});
    home_.put("one", "c");
    EXPECT_EQ(heard().front(), "created");
    home_.put("one", "d");
    EXPECT_TRUE(hears("written")) << "the new file is watched too";
}

TEST_P(file_news, a_file_may_come_later) {
    watch_file("later");
    home_.put("later", "x");
    EXPECT_EQ(heard().front(), "created");
}

/// As editors and careful programs save.
TEST_P(file_news, a_file_replaced_by_a_rename_is_noticed_and_watched_on) {
    home_.put("one", "a");
    watch_file("one");
    for (int i = 0; i < 3; ++i) {
        home_.put("one.new", "b");
        std::filesystem::rename(home_ / "one.new", home_ / "one");
        EXPECT_EQ(heard(), words{"replaced"}) << i;
        home_.put("one", "c");
        EXPECT_EQ(heard(), (words{"changed", "written"})) << i;
    }
}

TEST_P(file_news, a_file_that_is_held_open_and_replaced_is_noticed) {
    home_.put("one", "a");
    const handle held = kernel_handle(::open((home_ / "one").c_str(), O_RDONLY | O_CLOEXEC));
    watch_file("one");
    home_.put("one.new", "b");
    std::filesystem::rename(home_ / "one.new", home_ / "one");
    EXPECT_EQ(heard(), words{"replaced"});
}

TEST_P(file_news, a_file_moved_away_is_gone) {
    home_.put("one", "a");
    watch_file("one");
    std::filesystem::rename(home_ / "one", home_ / "two");
    EXPECT_EQ(heard(), words{"deleted"});
    home_.put("two", "b");
    EXPECT_EQ(heard(), words{}) << "it has another name now";
}

/// As Kubernetes changes a mounted ConfigMap: link → link to a directory → file.
TEST_P(file_news, a_link_that_leads_elsewhere_is_noticed) {
    namespace fs = std::filesystem;
    fs::create_directory(home_ / "v1");
    fs::create_directory(home_ / "v2");
    home_.put("v1/file", "a");
    home_.put("v2/file", "b");
    fs::create_directory_symlink("v1", home_ / "data");
    fs::create_symlink("data/file", home_ / "file");
    watch_file("file");
    home_.put("v1/file", "c");
    EXPECT_EQ(heard(), (words{"changed", "written"})) << "what it leads to";
    fs::create_directory_symlink("v2", home_ / "data.new");
    fs::rename(home_ / "data.new", home_ / "data");
    fs::remove_all(home_ / "v1");
    EXPECT_EQ(heard(), words{"replaced"});
    home_.put("v2/file", "d");
    EXPECT_EQ(heard(), (words{"changed", "written"}));
}

TEST_P(file_news, two_items_share_a_directory_and_end_apart) {
    home_.put("one", "a");
    watch_directory();
    int second = 0;
    auto made = events_->watch_file(home_ / "one", [&](const file_event&) { ++second; });
    ASSERT_TRUE(made);
    home_.put("one", "b");
    EXPECT_TRUE(hears("written one"));
    EXPECT_GT(second, 0);
    item_.reset();
    second = 0;
    home_.put("one", "c");
    ASSERT_TRUE(until([&] { return second > 0; }));
    made->reset();
    second = 0;
    heard_.clear();
    home_.put("one", "d");
    EXPECT_EQ(heard(), words{});
    EXPECT_EQ(second, 0);
}

TEST_P(file_news, an_item_may_end_in_its_own_callback_and_another_begin) {
    int calls = 0, later = 0;
    std::unique_ptr<file_events::item> first, second;
    auto made = events_->watch_directory(home_.path(), [&](const file_event&) {
        ++calls;
        first.reset();
        second =
            std::move(*events_->watch_directory(home_.path(), [&](const file_event&) { ++later; }));
    });
    ASSERT_TRUE(made);
    first = std::move(*made);
    home_.put("one", "a");
    ASSERT_TRUE(until([&] { return calls > 0; }));
    home_.put("two", "b");
    ASSERT_TRUE(until([&] { return later > 0; }));
    EXPECT_EQ(calls, 1);
    second.reset();
}

TEST_P(file_news, a_full_queue_is_said) {
    watch_directory();
    watch_file("one");
    int lost = 0;
    auto made = events_->watch_directory(home_.path(), [&](const file_event& what) {
        if (what.what == file_event::overflow) ++lost;
    });
    ASSERT_TRUE(made);
    std::size_t most = 16384;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
    if (most > 100'000) GTEST_SKIP() << "this machine's queue is very long";
    // In turns, as the same event twice would count as one.
    const handle files[] = {open_new("a"), open_new("b")};
    for (std::size_t i = 0; i <= most + 100; ++i)
        ASSERT_EQ(::pwrite(static_cast<int>(files[i % 2].value()), "x", 1, 0), 1);
    EXPECT_TRUE(hears("overflow"));
    EXPECT_EQ(lost, 1);
}

TEST_P(file_news, what_cannot_be_watched_says_why) {
    EXPECT_EQ(events_->watch_directory(home_ / "none", teller()).error(), error::not_found);
    EXPECT_EQ(events_->watch_file(home_ / "none/file", teller()).error(), error::not_found);
    EXPECT_EQ(events_->watch_file(home_.path() + '/', teller()).error(), error::invalid);
    home_.put("file", "");
    EXPECT_FALSE(events_->watch_directory(home_ / "file", teller()));
}

INSTANTIATE_TEST_SUITE_P(on, file_news, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
