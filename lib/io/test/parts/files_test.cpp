// Files, by io_uring where the engine has it and by a pool everywhere.
#include <nightjar/io/files.hpp>

#include "contract/suite.hpp"
#include "parts/folder.hpp"
#include "parts/part.hpp"

#include <nightjar/io/pipe.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <optional>
#include <tuple>

namespace nightjar::io::test {
namespace {

using buffer = files::buffer;

buffer to_buffer(std::string_view text) { return {as_bytes(text).begin(), as_bytes(text).end()}; }
std::string to_text(const buffer& from) { return std::string(as_text(from)); }

/// Each engine, with its own operations and without.
class file_work : public testing::TestWithParam<std::tuple<lab_kind, bool>> {
protected:
    void SetUp() override {
        lab_ = std::get<0>(GetParam()).make();
        if (lab_ == nullptr) GTEST_SKIP();
        pool_ = std::move(*work_pool::start({.threads = 2}));
        open();
    }
    void open(std::size_t under_way_max = 1024) {
        files_.reset();
        files_ = std::make_unique<files>(
            lab_->loop(), *pool_,
            files_options{.under_way_max = under_way_max, .native = std::get<1>(GetParam())});
    }
    bool until(const std::function<bool()>& done) { return lab_->until(done); }

    /// Starts it and turns until the answer is there.
    template <class T, class Start>
    result<T> answer_of(Start start) {
        std::optional<result<T>> heard;
        auto taken = start([&](result<T> what) { heard.emplace(std::move(what)); });
        if (!taken) return fail(taken.error());
        EXPECT_FALSE(heard) << "never inside the call";
        if (!until([&] { return heard.has_value(); })) return fail(error::timed_out);
        EXPECT_FALSE(*taken);
        return std::move(*heard);
    }
    result<file> opened(const std::string& path, const open_options& how) {
        return answer_of<file>([&](auto tell) { return files_->open(path, how, tell); });
    }
    result<file> made(const std::string& path) {
        return opened(path, {.how = open_options::read_write, .create = true});
    }
    result<buffer> read_at(const file& from, std::uint64_t offset, std::size_t size) {
        return answer_of<buffer>(
            [&](auto tell) { return files_->read(from, offset, buffer(size), tell); });
    }
    result<buffer> written(const file& to, std::uint64_t offset, std::string_view text) {
        return answer_of<buffer>(
            [&](auto tell) { return files_->write(to, offset, to_buffer(text), tell); });
    }

    folder folder_;
    std::unique_ptr<lab> lab_;
    std::unique_ptr<work_pool> pool_;
    std::unique_ptr<files> files_;
};

TEST_P(file_work, is_native_where_the_engine_is_io_uring) {
    const bool is_uring = lab_->loop().engine().name() == "io_uring";
    EXPECT_EQ(files_->is_native(), is_uring && std::get<1>(GetParam()));
}

TEST_P(file_work, writes_syncs_and_reads_back) {
    const auto it = made(folder_ / "one");
    ASSERT_TRUE(it);
    const auto wrote = written(*it, 0, "hello, night");
    ASSERT_TRUE(wrote);
    EXPECT_EQ(to_text(*wrote), "hello, night") << "the buffer comes back";
    EXPECT_TRUE(answer_of<void>([&](auto tell) { return files_->sync(*it, tell); }));
    EXPECT_TRUE(answer_of<void>([&](auto tell) { return files_->sync_data(*it, tell); }));
    ASSERT_TRUE(written(*it, 7, "world"));
    EXPECT_EQ(folder_.get("one"), "hello, world");
    const auto got = read_at(*it, 7, 100);
    ASSERT_TRUE(got);
    EXPECT_EQ(to_text(*got), "world") << "cut to what was there";
    const auto beyond = read_at(*it, 1000, 10);
    ASSERT_TRUE(beyond);
    EXPECT_TRUE(beyond->empty());
}

TEST_P(file_work, says_why_it_cannot) {
    EXPECT_EQ(opened(folder_ / "missing", {}).error(), error::not_found);
    folder_.put("there", "x");
    EXPECT_EQ(
        opened(folder_ / "there", {.how = open_options::write, .create = true, .exclusive = true})
            .error(),
        error::in_use);
    EXPECT_EQ(opened("", {}).error(), error::invalid);
    EXPECT_EQ(opened(std::string("a\0b", 3), {}).error(), error::invalid);
    const auto reader = opened(folder_ / "there", {});
    ASSERT_TRUE(reader);
    EXPECT_FALSE(written(*reader, 0, "no"));
    EXPECT_EQ(read_at(file(), 0, 1).error(), error::invalid);
    EXPECT_EQ(read_at(*reader, ~std::uint64_t{0}, 1).error(), error::invalid);
}

TEST_P(file_work, renames_removes_and_makes_directories) {
    folder_.put("old", "text");
    folder_.put("new", "other");
    EXPECT_TRUE(answer_of<void>(
        [&](auto tell) { return files_->rename(folder_ / "old", folder_ / "new", tell); }));
    EXPECT_FALSE(folder_.has("old"));
    EXPECT_EQ(folder_.get("new"), "text");
    const std::string sub = folder_ / "sub";
    EXPECT_TRUE(
        answer_of<void>([&](auto tell) { return files_->make_directory(sub, 0700, tell); }));
    EXPECT_EQ(
        answer_of<void>([&](auto tell) { return files_->make_directory(sub, 0700, tell); }).error(),
        error::in_use);
    EXPECT_TRUE(answer_of<void>([&](auto tell) { return files_->remove_directory(sub, tell); }));
    EXPECT_FALSE(folder_.has("sub"));
    EXPECT_TRUE(answer_of<void>([&](auto tell) { return files_->remove(folder_ / "new", tell); }));
    EXPECT_EQ(
        answer_of<void>([&](auto tell) { return files_->remove(folder_ / "new", tell); }).error(),
        error::not_found);
    const auto directory = opened(folder_.path(), {.directory = true});
    ASSERT_TRUE(directory);
    EXPECT_TRUE(answer_of<void>([&](auto tell) { return files_->sync(*directory, tell); }));
}

TEST_P(file_work, says_what_a_file_is) {
    folder_.put("one", "12345");
    ::chmod((folder_ / "one").c_str(), 0640);
    const auto by_path =
        answer_of<file_info>([&](auto tell) { return files_->stat(folder_ / "one", tell); });
    ASSERT_TRUE(by_path);
    struct stat expected {};
    ASSERT_EQ(::stat((folder_ / "one").c_str(), &expected), 0);
    EXPECT_EQ(by_path->kind, file_kind::regular);
    EXPECT_EQ(by_path->size, 5U);
    EXPECT_EQ(by_path->mode, 0640U);
    EXPECT_EQ(by_path->owner, expected.st_uid);
    EXPECT_EQ(by_path->inode, expected.st_ino);
    EXPECT_EQ(by_path->changed_s, expected.st_mtim.tv_sec);
    const auto it = opened(folder_ / "one", {.how = open_options::read_write});
    ASSERT_TRUE(it);
    EXPECT_TRUE(answer_of<void>([&](auto tell) { return files_->truncate(*it, 2, tell); }));
    const auto open_one = answer_of<file_info>([&](auto tell) { return files_->stat(*it, tell); });
    ASSERT_TRUE(open_one);
    EXPECT_EQ(open_one->size, 2U);
    EXPECT_EQ(open_one->inode, by_path->inode);
    const auto directory =
        answer_of<file_info>([&](auto tell) { return files_->stat(folder_.path(), tell); });
    ASSERT_TRUE(directory);
    EXPECT_EQ(directory->kind, file_kind::directory);
}

TEST_P(file_work, scans_a_directory_within_a_bound) {
    for (int i = 0; i < 10; ++i) folder_.put("f" + std::to_string(i), "");
    ASSERT_TRUE(answer_of<void>(
        [&](auto tell) { return files_->make_directory(folder_ / "sub", 0700, tell); }));
    using entries = std::vector<directory_entry>;
    const auto all =
        answer_of<entries>([&](auto tell) { return files_->scan(folder_.path(), 11, tell); });
    ASSERT_TRUE(all);
    EXPECT_EQ(all->size(), 11U);
    const auto sub = std::ranges::find(*all, "sub", &directory_entry::name);
    ASSERT_NE(sub, all->end());
    EXPECT_EQ(sub->kind, file_kind::directory);
    EXPECT_EQ(answer_of<entries>([&](auto tell) {
                  return files_->scan(folder_.path(), 10, tell);
              }).error(),
              error::no_room);
    EXPECT_EQ(answer_of<entries>([&](auto tell) {
                  return files_->scan(folder_ / "no", 10, tell);
              }).error(),
              error::not_found);
}

TEST_P(file_work, refuses_more_than_the_bound_and_gives_the_buffer_back) {
    open(2);
    const auto it = made(folder_ / "one");
    ASSERT_TRUE(it);
    int told = 0;
    std::vector<pending> kept;
    buffer text = to_buffer("text");
    for (int i = 0; i < 2; ++i) {
        auto taken = files_->write(*it, 0, to_buffer("text"), [&](auto) { ++told; });
        ASSERT_TRUE(taken);
        kept.push_back(std::move(*taken));
    }
    const auto refused = files_->write(*it, 0, std::move(text), [&](auto) { ++told; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), error::no_room);
    EXPECT_EQ(to_text(text), "text");
    ASSERT_TRUE(until([&] { return told == 2; }));
    EXPECT_EQ(files_->under_way(), 0U);
}

TEST_P(file_work, a_file_stays_open_as_long_as_an_operation_needs_it) {
    auto it = made(folder_ / "one");
    ASSERT_TRUE(it);
    const int number = it->descriptor();
    bool told = false;
    auto taken = files_->write(*it, 0, to_buffer("kept"), [&](const result<buffer>& what) {
        told = true;
        EXPECT_TRUE(what);
    });
    ASSERT_TRUE(taken);
    it = file();  // the last copy
    ASSERT_TRUE(until([&] { return told; }));
    EXPECT_EQ(folder_.get("one"), "kept");
    EXPECT_EQ(::fcntl(number, F_GETFD), -1) << "closed with the operation";
}

TEST_P(file_work, close_tells_and_wants_the_last_copy) {
    auto it = made(folder_ / "one");
    ASSERT_TRUE(it);
    const int number = it->descriptor();
    {
        file copy = *it;
        const auto refused = files_->close(std::move(copy), [](auto) { FAIL(); });
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error(), error::in_use);
    }
    EXPECT_TRUE(answer_of<void>([&](auto tell) { return files_->close(std::move(*it), tell); }));
    EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST_P(file_work, forgotten_ends_in_silence_and_leaks_nothing) {
    folder_.put("one", pattern(100'000));
    const auto it = opened(folder_ / "one", {});
    ASSERT_TRUE(it);
    const std::size_t before = open_descriptors();
    for (const bool has_begun : {false, true}) {
        auto reading = files_->read(*it, 0, buffer(100'000), [&](auto) { EXPECT_TRUE(has_begun); });
        auto opening = files_->open(folder_ / "one", {}, [&](auto) { EXPECT_TRUE(has_begun); });
        ASSERT_TRUE(reading && opening);
        if (has_begun) lab_->loop().run_once(instant::min());
        reading->cancel();  // nothing, if that turn told it
        opening->cancel();
    }
    ASSERT_TRUE(until([&] { return files_->under_way() == 0; }));
    EXPECT_EQ(open_descriptors(), before);
}

TEST_P(file_work, its_end_waits_for_what_the_kernel_has) {
    folder_.put("one", pattern(1'000'000));
    const auto it = opened(folder_ / "one", {});
    ASSERT_TRUE(it);
    const std::size_t before = open_descriptors();
    std::vector<pending> kept;
    for (int i = 0; i < 50; ++i) {
        auto reading = files_->read(*it, 0, buffer(1'000'000), [](auto) {});
        auto opening = files_->open(folder_ / "one", {}, [](auto) {});
        ASSERT_TRUE(reading && opening);
        kept.push_back(std::move(*reading));
        kept.push_back(std::move(*opening));
        if (i == 25) lab_->loop().run_once(instant::min());
    }
    files_.reset();
    for (const pending& one : kept) EXPECT_FALSE(one);
    EXPECT_EQ(open_descriptors(), before);
    lab_->rest(20ms);
}

/// A pipe that nobody writes to keeps a read for ever: the end of `files` must not wait for that.
TEST_P(file_work, its_end_calls_back_what_waits_in_the_kernel) {
    if (!files_->is_native()) GTEST_SKIP() << "a thread would not read from a pipe at an offset";
    auto ends = make_pipe();
    ASSERT_TRUE(ends);
    const std::size_t before = open_descriptors();
    const file reading(std::move(ends->reading));
    auto taken = files_->read(reading, 0, buffer(100), [](auto) { FAIL(); });
    auto silent = files_->read(reading, 0, buffer(100), [](auto) { FAIL(); });
    ASSERT_TRUE(taken && silent);
    lab_->rest(20ms);
    EXPECT_TRUE(*taken);
    silent->cancel();
    ASSERT_TRUE(until([&] { return files_->under_way() == 1; }));
    files_.reset();
    EXPECT_FALSE(*taken);
    EXPECT_EQ(open_descriptors(), before);
}

TEST_P(file_work, a_fifo_is_opened_without_waiting) {
    ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
    EXPECT_TRUE(opened(folder_ / "fifo", {}));
    EXPECT_FALSE(opened(folder_ / "fifo", {.how = open_options::write}));
}

TEST_P(file_work, a_write_past_the_limit_of_size_says_so) {
    const auto it = made(folder_ / "one");
    ASSERT_TRUE(it);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit small = before;
    small.rlim_cur = 10;
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto wrote = written(*it, 0, "0123456789abcdef");  // ten bytes go, then no more
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, SIG_DFL);
    EXPECT_FALSE(wrote);
    EXPECT_EQ(folder_.get("one"), "0123456789");
}

TEST_P(file_work, many_at_once_keep_to_their_places) {
    const auto it = made(folder_ / "one");
    ASSERT_TRUE(it);
    constexpr std::size_t blocks = 200, size = 1000;
    const std::string text = pattern(blocks * size);
    std::size_t told = 0;
    std::vector<pending> kept;
    for (std::size_t i = blocks; i-- > 0;) {
        auto taken =
            files_->write(*it, i * size, to_buffer(std::string_view(text).substr(i * size, size)),
                          [&](const result<buffer>& what) { told += what ? 1 : 0; });
        ASSERT_TRUE(taken);
        kept.push_back(std::move(*taken));
    }
    ASSERT_TRUE(until([&] { return told == blocks; }));
    const auto got = read_at(*it, 0, text.size() + 1);
    ASSERT_TRUE(got);
    EXPECT_TRUE(to_text(*got) == text);
}

TEST_P(file_work, callbacks_chain) {
    const std::string path = folder_ / "one";
    bool is_done = false;
    file kept;
    std::vector<pending> chain(3);
    chain[0] = std::move(
        *files_->open(path, {.how = open_options::write, .create = true}, [&](result<file> it) {
            ASSERT_TRUE(it);
            kept = *it;
            chain[1] = std::move(*files_->write(kept, 0, to_buffer("abc"), [&](auto wrote) {
                ASSERT_TRUE(wrote);
                chain[2] = std::move(*files_->sync(kept, [&](auto synced) {
                    ASSERT_TRUE(synced);
                    is_done = true;
                }));
            }));
        }));
    ASSERT_TRUE(until([&] { return is_done; }));
    EXPECT_EQ(folder_.get("one"), "abc");
}

INSTANTIATE_TEST_SUITE_P(on, file_work,
                         testing::Combine(testing::ValuesIn(kernel_kinds), testing::Bool()),
                         [](const auto& info) {
                             return std::string(std::get<0>(info.param).name) +
                                    (std::get<1>(info.param) ? "_best" : "_pool");
                         });

}  // namespace
}  // namespace nightjar::io::test
