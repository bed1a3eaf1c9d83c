#pragma once
// A floor on a lab's loop, with a handler that a test writes as a function.
#include "workers/models/channel.hpp"
#include "workers/models/floor.hpp"
#include "workers/models/sockets.hpp"

#include "os/address.hpp"

#include "kernel/kernel_lab.hpp"

#include "contract/suite.hpp"

namespace nightjar::io::test {

/// Calls the test's function, and says what it is told of being idle.
struct scripted {
    std::function<void(outlet&, bytes)> call;
    const bool* idle = nullptr;

    void on_data(outlet& peer, bytes lent) { call(peer, lent); }
    bool is_idle() const { return idle == nullptr || *idle; }
};

class floor_test : public contract {
protected:
    /// Opens a floor with this handler, on a socket of its own.
    void open(std::function<void(outlet&, bytes)> call, unsigned pool_threads = 0) {
        like_ = {std::move(call), &idle_};
        auto made = models::counter_table::make(4);
        ASSERT_TRUE(made);
        rows_ = std::move(*made);
        floor_ = std::make_unique<models::floor>(loop(), how_, maker_, (*rows_)[0]);
        if (pool_threads != 0) {
            auto hired = floor_->hire(*rows_, pool_threads);
            ASSERT_TRUE(hired) << describe(hired.error().what);
        }
        auto sockets = models::open_sockets(how_, 1);
        ASSERT_TRUE(sockets);
        at_ = os::local_of(static_cast<int>(sockets->front().value()));
        ASSERT_TRUE(floor_->listen(static_cast<int>(sockets->front().value()), false));
    }
    void open_echo(unsigned pool_threads = 0) {
        open([](outlet& peer, bytes lent) { peer.write(lent); }, pool_threads);
    }

    tape& call() {
        caller& made = dial(at_);
        EXPECT_TRUE(until([&] { return made.connections == 1; }));
        return made.line;
    }
    bool hears(tape& who, std::string_view what) {
        return until([&] { return who.got.size() >= what.size(); }) && who.got == what;
    }
    std::uint64_t count(models::counter_row::field models::counter_row::*which) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < rows_->size(); ++i) sum += ((*rows_)[i].*which).load();
        return sum;
    }

    model_options how_;
    bool idle_ = true;
    scripted like_;
    models::maker<scripted> maker_{like_};
    endpoint at_;
    std::unique_ptr<models::counter_table> rows_;
    std::unique_ptr<models::floor> floor_;
};

}  // namespace nightjar::io::test
