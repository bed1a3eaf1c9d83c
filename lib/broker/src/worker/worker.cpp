#include "worker.hpp"

#include "../connection/chronicle.hpp"
#include "front_door.hpp"

namespace nightjar::broker {
namespace {

constexpr duration sweep_every = 10s;
constexpr duration look_again_after = 1ms;
constexpr duration wait_for_wills = 1s;

/// Attached to connections that are turned away, until they are closed.
class nobody final : public io::receiver {
    void on_data(bytes) noexcept override {}
    void on_written(std::size_t) noexcept override {}
    void on_closed(error) noexcept override {}
};

}  // namespace

worker::worker(io::loop& loop, const broker_config& how, exchange& through, event_log& log,
               const place& own)
    : mail_(through, own.index),
      how_(how),
      shared_(loop, how_, own.index, through.workers(), log, own.around),
      shares_(shared_, mail_),
      messages_(shared_, mail_, shares_),
      desk_(shared_, mail_, shares_),
      sessions_(shared_, messages_, desk_, own.seed),
      connections_(connections_max, heap),
      again_([](timer&, instant) noexcept {}),
      sweep_([](timer&, instant) noexcept {}),
      patience_([](timer&, instant) noexcept {}) {
    through.enlist(own.index, loop);
    loop.add_hook(*this);
    loop.arm(sweep_, sweep_every);
}

worker::~worker() = default;

result<io::endpoint> worker::listen(const io::listen_options& how, listener_door& door) {
    auto opened = std::make_unique<front_door>(*this, door);
    auto at = opened->open(how);
    if (at) doors_.push_back(std::move(opened));
    return at;
}

void worker::admit(io::stream& fresh, listener_door& door) {
    connection* made = shutting_down_ || !door.enter(shared_.loop.now())
                           ? nullptr
                           : connections_.emplace(*this, door);
    if (!made) {
        static nobody turned_away;
        shared_.count.connections_refused.add();
        fresh.attach(turned_away);
        return fresh.abort();
    }
    shared_.count.connections_accepted.add();
    say_arrived(shared_, fresh, made->rules().how);
    made->open(fresh);
}

void worker::send_arrival(unsigned home, std::unique_ptr<arrival> what) {
    mail_.send(home, letter{std::move(what)});
}

void worker::take_in(arrival& what) {
    auto adopted = shared_.loop.engine().adopt(std::move(what.socket));
    connection* made = adopted ? connections_.emplace(*this, *what.door) : nullptr;
    if (!made) {
        what.door->leave();
        shared_.log(log_config::error, "A connection was lost on its way to worker {}.",
                    shared_.index);
        return;
    }
    made->mark_arrived();
    made->open(**adopted, what.read);
    if (has_seen_off_) made->end(mqtt::reason::server_shutting_down);
}

void worker::on_connection_closed(connection& gone, error why) {
    let_go(gone, why);
    bury(gone);
}

void worker::let_go(connection& gone, error why) {
    desk_.forget(gone);
    session* owner = gone.owner();
    if (!owner) return;
    say_closed(shared_, gone, why);
    shared_.count.clients_connected.subtract();
    gone.disown();
    sessions_.on_gone(*owner);
}

void worker::bury(connection& gone) { graves_.push_back(&gone); }

void worker::on_turn() noexcept {
    serve_busy();
    const bool have_all_said_last = mail_.have_all_said_last();
    const bool is_all_read = read_letters();
    for (connection* gone : graves_) connections_.erase(*gone);
    graves_.clear();
    if (mail_.is_congested())
        shared_.loop.arm(again_, look_again_after);
    else
        resume_paused();
    shares_.tell();
    mail_.ring_bells();
    if (shutting_down_) see_off(!patience_.is_armed() || (have_all_said_last && is_all_read));
    if (!sweep_.is_armed()) {
        shared_.retained.purge(shared_.loop.now());
        const duration asked = how_.retain_expiry_interval;
        shared_.loop.arm(sweep_, asked == duration::zero() ? sweep_every : asked);
    }
}

/// Those that did not get through with their slice in this turn get another one; each its own, and
/// all of them together as much as one of them alone had.
void worker::serve_busy() {
    const auto busy = std::exchange(busy_, {});
    shared_.work.share_among(busy.size());
    for (const id<connection> one : busy)
        if (connection* next = connections_.get(one)) next->go_on();
    if (!busy_.empty()) shared_.loop.wake();
}

/// Whether none is left.
bool worker::read_letters() {
    shared_.work.begin();
    const bool is_all = mail_.receive([this](unsigned from, letter& what) {
        const std::uint64_t before = shared_.subscriptions.searched();
        open_letter(from, what);
        shared_.work.spend_all(1 + shared_.subscriptions.searched() - before);
        return !shared_.work.is_spent();
    });
    if (!is_all) shared_.loop.wake();
    return is_all;
}

void worker::open_letter(unsigned from, letter& what) {
    if (const auto* published = std::get_if<message>(&what))
        messages_.receive(*published);
    else if (const auto* several = std::get_if<std::unique_ptr<bundle>>(&what))
        messages_.receive(**several);
    else if (const auto* wish = std::get_if<std::unique_ptr<interest>>(&what))
        desk_.on_interest(from, **wish);
    else if (const auto* known = std::get_if<interest_known>(&what))
        desk_.on_known(from, known->ticket);
    else if (const auto* newcomer = std::get_if<std::unique_ptr<arrival>>(&what))
        take_in(**newcomer);
    else if (const auto* turn = std::get_if<std::unique_ptr<picked>>(&what))
        messages_.receive(**turn);
    else if (const auto* news = std::get_if<std::unique_ptr<stakes>>(&what))
        shares_.on_stakes(from, **news);
}

void worker::resume_paused() {
    for (const id<connection> one : std::exchange(paused_, {}))
        if (connection* paused = connections_.get(one)) paused->resume_reading();
}

void worker::shut_down() {
    shutting_down_ = true;
    for (auto& door : doors_) door->close();
    shared_.loop.arm(patience_, wait_for_wills);
    sessions_.publish_all_wills();
}

/// What others' clients left behind is for those who are still here.
void worker::see_off(bool has_all_wills) {
    if (!has_said_last_ && !mail_.is_congested()) {
        has_said_last_ = true;
        mail_.say_last();
    }
    if (has_seen_off_ || !has_all_wills) return;
    has_seen_off_ = true;
    connections_.for_each([](connection& one) { one.end(mqtt::reason::server_shutting_down); });
}

}  // namespace nightjar::broker
