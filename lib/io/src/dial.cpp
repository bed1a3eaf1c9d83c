#include <nightjar/io/dial.hpp>
#include <nightjar/io/timeout.hpp>

#include <algorithm>

namespace nightjar::io {
namespace {

class race final : public attempt {
public:
    race(loop& on, const dial_options& how, connector& who) : on_(on), how_(how), who_(who) {
        limit_.start(on_, how_.time_limit);
    }

    void ask(resolver& names) {
        question_ = names.resolve(how_.host, how_.port, [this](auto found) {
            if (!found) return lose(found.error());
            run(*found);
            start_next();
        });
    }

    void run(std::span<const endpoint> sorted) {
        addresses_ = interleave(sorted);
        if (how_.from.kind() == endpoint::family::none) return;
        std::erase_if(addresses_,
                      [&](const endpoint& one) { return one.kind() != how_.from.kind(); });
    }

    /// Even if nothing can be tried, that is told from the loop.
    void start_soon() noexcept { next_.start(on_, duration::zero()); }

private:
    struct runner final : connector {
        explicit runner(race& its) noexcept : its(its) {}
        void on_connected(stream& fresh) noexcept override { its.win(fresh); }
        void on_connect_failed(error why) noexcept override { its.drop_out(*this, why); }
        race& its;
        std::unique_ptr<attempt> under_way;
    };

    void start_next() noexcept {
        while (tried_ < addresses_.size()) {
            auto fresh = std::make_unique<runner>(*this);
            const connect_options how{
                .to = addresses_[tried_++], .from = how_.from, .no_delay = how_.no_delay};
            auto begun = on_.engine().connect(how, *fresh);
            if (begun) {
                fresh->under_way = std::move(*begun);
                runners_.push_back(std::move(fresh));
                if (tried_ < addresses_.size()) next_.start(on_, how_.attempt_delay);
                return;
            }
            why_ = begun.error();
        }
        if (runners_.empty()) lose(why_);
    }

    void drop_out(runner& who, error why) noexcept {
        why_ = why;
        std::erase_if(runners_, [&](const auto& one) { return one.get() == &who; });
        next_.cancel();
        start_next();
    }

    /// The user may destroy this inside the call, here and in lose().
    void win(stream& fresh) noexcept {
        end();
        who_.on_connected(fresh);
    }
    void lose(error why) noexcept {
        end();
        who_.on_connect_failed(why);
    }
    void time_out() noexcept { lose(error::timed_out); }

    void end() noexcept {
        next_.cancel();
        limit_.cancel();
        question_.reset();
        runners_.clear();
    }

    loop& on_;
    dial_options how_;
    connector& who_;
    std::unique_ptr<resolver::query> question_;
    std::vector<endpoint> addresses_;
    std::size_t tried_ = 0;
    std::vector<std::unique_ptr<runner>> runners_;
    error why_ = error::not_found;  // where no address is left to try
    timeout<race, &race::start_next> next_{*this};
    timeout<race, &race::time_out> limit_{*this};
};

}  // namespace

std::unique_ptr<attempt> dial(loop& on, resolver& names, const dial_options& how, connector& who) {
    auto made = std::make_unique<race>(on, how, who);
    made->ask(names);
    return made;
}

std::unique_ptr<attempt> dial(loop& on, std::span<const endpoint> addresses,
                              const dial_options& how, connector& who) {
    auto made = std::make_unique<race>(on, how, who);
    made->run(addresses);
    made->start_soon();
    return made;
}

std::vector<endpoint> interleave(std::span<const endpoint> sorted) {
    std::vector<endpoint> first, other, out;
    for (const endpoint& one : sorted) {
        (one.kind() == sorted.front().kind() ? first : other).push_back(one);
    }
    for (std::size_t i = 0; i < std::max(first.size(), other.size()); ++i) {
        if (i < first.size()) out.push_back(first[i]);
        if (i < other.size()) out.push_back(other[i]);
    }
    return out;
}

}  // namespace nightjar::io
