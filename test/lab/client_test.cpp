#include "lab/client.hpp"

#include <gtest/gtest.h>

#include <nightjar/io/serve.hpp>

#include <thread>

namespace nightjar::app::lab {
namespace {

struct honest {
    void on_data(io::line& peer, bytes lent) { peer.write(lent); }
};
struct mute {
    void on_data(io::line&, bytes) {}
};
struct doubling {
    void on_data(io::line& peer, bytes lent) {
        peer.write(lent);
        peer.write(lent);
    }
};
struct quitting {
    void on_data(io::line& peer, bytes) { peer.drop(); }
};
/// Right but for one byte, a while after the beginning.
struct lying {
    void on_data(io::line& peer, bytes lent) {
        seen += lent.size();
        if (seen > 4096) lent[lent.size() / 2] ^= 1;
        peer.write(lent);
    }
    std::size_t seen = 0;
};

/// A server of the runtime on a thread of its own.
template <class Handler>
class beside {
public:
    beside()
        : loop_(std::move(*io::make_epoll_engine())),
          server_(std::move(*io::serve<Handler>(loop_))) {
        at = io::endpoint::loopback_v4(server_.port);
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~beside() {
        loop_.stop();
        thread_.join();
    }
    io::endpoint at;

private:
    io::loop loop_;
    io::server server_;
    std::thread thread_;
};

client_options options_for(const io::endpoint& at, const load& what) {
    return {.to = at,
            .what = what,
            .warmup = 20ms,
            .length = 100ms,
            .patience = 10s,
            .stop = [] { return false; },
            .on_begin = [] {},
            .on_end = [] {},
            .on_quiet = [] {}};
}

template <class Handler>
client_findings run_against(const load& what) {
    const beside<Handler> server;
    return run_client(options_for(server.at, what));
}

void expect_sound(const client_findings& found) {
    EXPECT_EQ(found.trouble, "");
    EXPECT_GT(found.messages, 0U);
    EXPECT_GT(found.latency.count(), 0U);
    EXPECT_GE(found.wall, 100ms);
    EXPECT_GT(found.processor, 0ms);
}

TEST(Client, CountsWhatComesBack) {
    const auto found = run_against<honest>({.connections = 3, .size = 64, .inflight = 1});
    expect_sound(found);
    // Every message that began within the measured part was waited for, and few others were
    // counted.
    EXPECT_NEAR(static_cast<double>(found.latency.count()), static_cast<double>(found.messages), 9);
}

TEST(Client, KeepsMessagesUnderWay) {
    expect_sound(run_against<honest>({.connections = 5, .size = 64, .inflight = 16}));
    expect_sound(
        run_against<honest>({.connections = 5, .size = 1, .inflight = 16, .separate = true}));
}

TEST(Client, SendsMoreThanASocketTakesAtOnce) {
    expect_sound(run_against<honest>({.connections = 2, .size = 1024 * 1024, .inflight = 4}));
    expect_sound(run_against<honest>(
        {.connections = 2, .size = 1024 * 1024, .inflight = 4, .separate = true}));
}

TEST(Client, ThinksBetweenMessages) {
    const auto found = run_against<honest>({.connections = 10, .think_ms = 20});
    expect_sound(found);
    EXPECT_LE(found.messages, 70U);  // ten connections, at most five or six each
    EXPECT_GE(found.messages, 10U);
}

TEST(Client, AsksAtBothEndsAndWhenAllIsQuiet) {
    const beside<honest> server;
    std::string order;
    client_options how = options_for(server.at, {.connections = 2});
    how.on_begin = [&] { order += "begin "; };
    how.on_end = [&] { order += "end "; };
    how.on_quiet = [&] { order += "quiet"; };
    expect_sound(run_client(how));
    EXPECT_EQ(order, "begin end quiet");
}

TEST(Client, NoticesWhatIsNotWhatWasSent) {
    EXPECT_EQ(run_against<lying>({.connections = 2}).trouble, "did not send what it was sent");
    EXPECT_EQ(run_against<doubling>({.connections = 1}).trouble, "sent more than it was sent");
}

TEST(Client, NoticesSilenceAndTheEnd) {
    EXPECT_EQ(run_against<mute>({.connections = 1}).trouble, "no message came back");
    const beside<mute> server;
    client_options how = options_for(server.at, {});
    how.length = 60s;
    how.patience = 1s;
    EXPECT_EQ(run_client(how).trouble, "sent nothing for 1 s while measuring");
    EXPECT_EQ(run_against<quitting>({.connections = 1}).trouble.substr(0, 18),
              "ended a connection");
}

TEST(Client, NoticesThatNobodyListens) {
    io::endpoint gone;
    { gone = beside<honest>().at; }
    EXPECT_EQ(run_client(options_for(gone, {})).trouble.substr(0, 20), "refused a connection");
}

TEST(Client, EndsWhenSomebodyGivesUp) {
    const beside<honest> server;
    client_options how = options_for(server.at, {});
    how.length = 60s;
    bool has_begun = false;
    how.on_begin = [&] { has_begun = true; };
    how.stop = [&] { return has_begun; };
    EXPECT_EQ(run_client(how).trouble, "was interrupted");
}

}  // namespace
}  // namespace nightjar::app::lab
