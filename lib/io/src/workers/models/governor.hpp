#pragma once
// What all models have in common: a loop that hears signals, and somebody who obeys.

#include <nightjar/io/models.hpp>
#include <nightjar/io/signals.hpp>

namespace nightjar::io::models {

class governor {
public:
    /// Blocks the signals in this thread, and in those that it starts from now on.
    result<> hear_signals(loop& home);
    void hear_nothing() noexcept { signals_.reset(); }

protected:
    explicit governor(const model_options& how) noexcept : how_(how) {}
    ~governor() = default;

    virtual void on_drain() = 0;
    virtual void on_stop() = 0;
    virtual void on_restart() = 0;
    virtual std::vector<worker_counts> ask_counts() = 0;

    const model_options& how() const noexcept { return how_; }
    void note(std::string_view sentence) const {
        if (how_.tell != nullptr) how_.tell->on_note(sentence);
    }
    void announce(const endpoint& at, unsigned workers, std::string_view engine) const {
        if (how_.tell != nullptr) how_.tell->on_listening(at, workers, engine);
    }

private:
    void say_counts();

    const model_options& how_;
    std::unique_ptr<signals> signals_;
};

/// Each model's own, behind the checks that are common to all.
result<> run_here(const model_options& how, const guest_maker& make);
result<> run_threads(const model_options& how, const guest_maker& make);
result<> run_processes(const model_options& how, const guest_maker& make);

}  // namespace nightjar::io::models
