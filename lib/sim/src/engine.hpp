#pragma once
// The simulated engine: it has nothing of its own but a list of who has news.

#include "network.hpp"
#include "source.hpp"

namespace nightjar::sim {

class engine final : public io::engine {
public:
    engine(network& in, unsigned host) noexcept : in_(in), host_(host) {}
    ~engine() override;

    std::string_view name() const noexcept override { return "simulated"; }
    instant now() noexcept override { return in_.now(); }
    void turn(instant until) noexcept override;
    void wake() noexcept override { is_woken_ = true; }
    result<std::unique_ptr<io::listener>> listen(const io::listen_options& how,
                                                 io::acceptor& who) override;
    result<std::unique_ptr<io::attempt>> connect(const io::connect_options& how,
                                                 io::connector& who) override;
    result<io::stream*> adopt(io::handle what) override;
    result<std::unique_ptr<io::watch>> observe(int, io::watch::watcher&) override {
        return nightjar::fail(error::unsupported);  // there are no descriptors here
    }

    bool is_ready() const noexcept { return is_woken_ || !ready_.empty(); }
    network& in() noexcept { return in_; }
    unsigned host() const noexcept { return host_; }

    /// Owns it from now on.
    template <class Source>
    Source& keep(std::unique_ptr<Source> fresh) {
        Source& kept = *fresh;
        sources_.emplace(kept.number(), std::move(fresh));
        return kept;
    }

private:
    friend class source;
    void wait(instant until);

    network& in_;
    unsigned host_;
    bool is_woken_ = false;
    std::vector<std::uint64_t> ready_;
    std::map<std::uint64_t, std::unique_ptr<source>> sources_;
    std::vector<std::unique_ptr<source>> graves_;
};

}  // namespace nightjar::sim
