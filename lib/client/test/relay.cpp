#include "relay.hpp"

#include <gtest/gtest.h>

namespace nightjar::client::test {
namespace {

constexpr std::uint32_t out_max = 64 * 1024 * 1024;

}  // namespace

class relay::pair final : private io::connector {
public:
    pair(relay& of, io::stream& client) : of_(of), left_(of.life()), near_(*this), far_(*this) {
        near_.begin(client);
        const io::connect_options to{.to = io::endpoint::loopback_v4(of.broker_port_), .from = {}};
        auto begun = of.loop_.engine().connect(to, *this);
        EXPECT_TRUE(begun.has_value());
        if (begun) attempt_ = std::move(*begun);
    }

    void cut() {
        attempt_.reset();
        near_.drop();
        far_.drop();
    }

private:
    struct end final : io::line {
        explicit end(pair& of) : line(of.of_.loop_, of.of_.chunks_, out_max), its(of) {}
        void begin(io::stream& on) { open(on); }
        void on_bytes(bytes lent) noexcept override { its.pass(*this, lent); }
        void on_gone(error) noexcept override { its.cut(); }
        pair& its;
    };

    void on_connected(io::stream& fresh) noexcept override {
        attempt_.reset();
        far_.begin(fresh);
        static_cast<void>(far_.write(early_));
    }
    void on_connect_failed(error) noexcept override { near_.drop(); }

    void pass(end& from, bytes lent) {
        const bool is_last = left_ != 0 && lent.size() >= left_;
        const bytes_view part = is_last ? bytes_view(lent).first(left_) : bytes_view(lent);
        end& to = &from == &near_ ? far_ : near_;
        if (&to == &far_ && attempt_)
            early_.insert(early_.end(), part.begin(), part.end());
        else
            static_cast<void>(to.write(part));
        if (is_last) {
            ++of_.cuts_;
            far_.close();
            near_.drop();
        } else if (left_ != 0) {
            left_ -= lent.size();
        }
    }

    relay& of_;
    std::size_t left_;
    end near_, far_;
    std::vector<byte> early_;
    std::unique_ptr<io::attempt> attempt_;
};

relay::relay(io::loop& on, std::uint16_t broker_port) : loop_(on), broker_port_(broker_port) {
    io::listen_options how;
    how.at = io::endpoint::loopback_v4(0);
    auto made = on.engine().listen(how, *this);
    EXPECT_TRUE(made.has_value());
    if (made) listener_ = std::move(*made);
}

relay::~relay() {
    cut_all();
    loop_.run_once(loop_.now() + 1ms);
    loop_.run_once(loop_.now() + 1ms);
}

void relay::cut_all() {
    for (const auto& one : pairs_) one->cut();
}

void relay::on_accept(io::stream& fresh) noexcept {
    pairs_.push_back(std::make_unique<pair>(*this, fresh));
}

}  // namespace nightjar::client::test
