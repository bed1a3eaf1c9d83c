#pragma once
// The first process of the models of processes: makes workers, gives them connections where they do
// not accept for themselves, replaces those that die, and ends with the last of them.
//
// A slot is worker i for ever; the processes that live in it come and go:
//
//   vacant ──spawn──► starting ──"ready"──► serving ──"drain"──► leaving ──► gone, counts kept
//      ▲                  └────────── died: again, after a pause that doubles ────┘
//      └─ HUP: a second life starts beside the first, and takes its place when it is ready

#include "workers/models/door.hpp"
#include "workers/models/governor.hpp"
#include "workers/models/life.hpp"

namespace nightjar::io::models {

class supervisor final : private governor,
                         private newcomers,
                         private life::keeper,
                         private turn_hook {
public:
    supervisor(const model_options& how, loop& home, counter_table& rows, const guest_maker& make);

    result<> run();

private:
    struct slot {
        unsigned index = 0;
        life* now = nullptr;
        life* next = nullptr;  // takes over when it is ready
        worker_counts past{};  // of those who are gone
        duration pause{};      // before the next one after a crash
        instant due = never;   // when that one starts
    };

    // supervisor.cpp: from start to end
    result<> start();
    result<> open();
    void announce_if_ready(std::string_view engine);
    void on_drain() override;
    void on_stop() override;
    void end(word::kind how_they_end, duration within);
    void kill_rest() noexcept;
    std::vector<worker_counts> ask_counts() override;

    // supervisor_lives.cpp: processes come and go
    result<> spawn(slot& where, life*& as, handle first);
    child_spec spec_for(const slot& where, counter_row& row, handle first);
    void forget(int kept_socket) const noexcept;
    void on_serving(life& who, std::string_view engine) override;
    void on_failed(life& who, error why) override;
    void on_ended(life& who, int status) override;
    void replace(slot& where, const life& who, int status);
    void respawn_due() noexcept;
    void arm_respawn();
    void on_restart() override;
    void renew_from(unsigned index);
    void on_turn() noexcept override;

    // supervisor_door.cpp: connections go to processes
    bool has_room() noexcept override;
    void take(handle fresh) override;
    bool can_take(const slot& one) const noexcept;
    bool give(slot& to, handle& fresh);
    void open_door() noexcept;

    bool accepts_here() const noexcept {
        return how().model == model::cluster || how().model == model::fork;
    }
    bool forks_late() const noexcept { return how().model == model::fork; }
    bool is_per_connection() const noexcept { return forks_late() && how().per_connection; }
    bool is_leaving() const noexcept;

    loop& home_;
    counter_table& rows_;
    const guest_maker& make_;
    std::vector<handle> sockets_;
    std::unique_ptr<accept_mutex> mutex_;
    std::vector<counter_row*> free_rows_;
    std::vector<slot> slots_;
    std::vector<std::unique_ptr<life>> lives_;
    std::vector<life*> ended_;  // to be destroyed at the end of the turn
    std::unique_ptr<door> door_;
    handle spare_;  // accepted, and no process took it
    unsigned next_ = 0;
    bool announced_ = false;
    bool ending_ = false;
    bool renewing_ = false;
    bool renew_again_ = false;
    error why_;  // it could not start
    timeout<supervisor, &supervisor::respawn_due> respawn_{*this};
    timeout<supervisor, &supervisor::open_door> again_{*this};
    timeout<supervisor, &supervisor::kill_rest> kill_{*this};
};

}  // namespace nightjar::io::models
