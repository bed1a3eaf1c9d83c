#include "listener.hpp"

#include "socket.hpp"

#include <nightjar/base/expects.hpp>

#include <utility>

namespace nightjar::sim {

acceptance::acceptance(engine& home, const io::endpoint& at, bool shares, io::acceptor& who)
    : source(home), at_(at), shares_(shares), who_(&who) {
    home.in().open(*this);
}

acceptance::~acceptance() {
    home().in().close(*this);
    drop_queue();
}

void acceptance::resume() {
    paused_ = false;
    mark();
}

void acceptance::stop() {
    who_ = nullptr;
    home().in().close(*this);
    drop_queue();
    retire();
}

void acceptance::queue(const wire& fresh) {
    waiting_.push_back(fresh.name());
    mark();
}

void acceptance::deliver() {
    while (who_ != nullptr && !paused_ && !waiting_.empty()) {
        wire* next = home().in().find(waiting_.front());
        waiting_.pop_front();
        if (next == nullptr) continue;
        home().in().say("wire {} is accepted", next->name());
        socket& made = home().keep(std::make_unique<socket>(home(), *next, 1));
        who_->on_accept(made);
        expects(made.is_taken(), "an acceptor attaches, closes or releases before it returns");
    }
}

void acceptance::drop_queue() {
    for (const std::uint64_t name : std::exchange(waiting_, {}))
        if (wire* its = home().in().find(name)) its->leave(1, true);
}

calling::~calling() {
    if (wire* made = home().in().find(wire_name_)) made->leave(0, true);
}

void calling::start(const io::connect_options& how) {
    network& in = home().in();
    const faults& bad = in.how();
    if (in.chance().chance(bad.refused_connect))
        return refuse_at(in.arrival(home().host(), home().host()), error::refused);
    if (in.chance().chance(bad.lost_connect))
        return refuse_at(in.now() + 1s * (1 + in.chance().uniform(30)), error::timed_out);
    // The hosts of listeners are known only where the call arrives: a partition holds the
    // connection up on its way back.
    in.plan().at(in.arrival(home().host(), home().host()), [&in, mine = number(), how] {
        if (auto* self = static_cast<calling*>(in.source_of(mine))) self->reach(how);
    });
}

void calling::reach(const io::connect_options& how) {
    network& in = home().in();
    const unsigned host = home().host();
    acceptance* there = in.listener_at(how.to);
    if (there == nullptr) return refuse_at(in.arrival(host, host), error::refused);
    const unsigned far = there->home().host();
    wire& made = in.make({host, in.own_address(host, how.from, how.to)}, {far, how.to});
    instant when = in.arrival(far, host);
    in.plan().at(when, [&in, mine = number(), name = made.name()] {
        auto* self = static_cast<calling*>(in.source_of(mine));
        wire* its = in.find(name);
        if (self != nullptr) {
            self->wire_name_ = name;
            self->end(error::none);
        } else if (its != nullptr) {
            its->leave(0, true);
        }
    });
    if (in.chance().chance(in.how().late_accept)) when += 1ms * in.chance().uniform(2000);
    in.plan().at(when, [&in, whom = there->number(), name = made.name()] {
        auto* queue = static_cast<acceptance*>(in.source_of(whom));
        wire* its = in.find(name);
        if (its != nullptr && queue != nullptr) return queue->queue(*its);
        if (its != nullptr) its->leave(1, true);
    });
}

void calling::refuse_at(instant when, error why) {
    network& in = home().in();
    in.plan().at(when, [&in, mine = number(), why] {
        if (auto* self = static_cast<calling*>(in.source_of(mine))) self->end(why);
    });
}

void calling::end(error why) {
    why_ = why;
    has_ended_ = true;
    mark();
}

void calling::stop() {
    who_ = nullptr;
    retire();
}

void calling::deliver() {
    if (who_ == nullptr || !has_ended_) return;
    wire* made = home().in().find(std::exchange(wire_name_, 0));
    io::connector* who = std::exchange(who_, nullptr);
    retire();
    if (why_ != error::none) return who->on_connect_failed(why_);
    if (made == nullptr) return who->on_connect_failed(error::reset);
    socket& fresh = home().keep(std::make_unique<socket>(home(), *made, 0));
    who->on_connected(fresh);
    expects(fresh.is_taken(), "a connector attaches, closes or releases before it returns");
}

attempt::~attempt() {
    if (auto* inner = static_cast<calling*>(in_.source_of(number_))) inner->stop();
}

}  // namespace nightjar::sim
