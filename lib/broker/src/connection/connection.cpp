#include "connection.hpp"

#include <algorithm>
#include <array>

#include "../worker/worker.hpp"
#include "chronicle.hpp"
#include "mount.hpp"

namespace nightjar::broker {
namespace {

/// For acknowledgements and the last words, where messages find no room any more.
constexpr std::uint32_t control_room = 128 * 1024;
/// Of a packet that is not whole yet, where memory is short.
constexpr std::size_t held_max_when_short = 64 * 1024;
constexpr std::string_view too_long = "too long behind the mount point";

std::uint32_t outbox_max(const listener_rules& rules) noexcept {
    const std::uint64_t all = std::uint64_t{rules.how.max_outgoing_buffer_bytes} +
                              rules.policy.in.packet_max + control_room;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(all, 0xFFFF'0000));
}

}  // namespace

connection::connection(worker& at, listener_door& door) noexcept
    : timer(on_timer),
      at_(at),
      door_(&door),
      rules_(door.rules()),
      out_(at.shared().chunks, outbox_max(*rules_)),
      machine_(rules_->policy, out_, at.shared().loop.now()) {}

connection::~connection() = default;

void connection::open(io::stream& on, bytes_view read) {
    stream_ = &on;
    watch_deadline();
    on.attach(*this);
    if (read.empty() || gone_) return;
    std::vector<byte> own(read.begin(), read.end());
    on_data(own);
}

// --- world to machine ----------------------------------------------------------------------------

void connection::on_data(bytes lent) noexcept {
    if (extras_ && extras_->leaving_with) {
        auto& away = *extras_->leaving_with;
        away.insert(away.end(), lent.begin(), lent.end());
        return;
    }
    if (closing_ || gone_) return;
    at_.shared().count.bytes_received.add(lent.size());
    take_in(lent);
    // A client that says PUBACK and then PUBLISH in two writes waits for us between them, and there
    // is nothing to answer.
    const bool may_wait = lent.size() <= few_bytes && out_.empty() && !writing_;
    if (may_wait && !gone_ && !closing_) stream_->acknowledge_input();
}

connection::extras& connection::more() {
    if (!extras_) extras_ = std::make_unique<extras>();
    return *extras_;
}

void connection::take_in(bytes_view lent) {
    at_.shared().work.begin();
    std::vector<byte> joined;
    if (!session_ && !held_.held().empty() && lent.size() >= held_.missing()) {
        // A CONNECT takes what was read behind it to another worker: it must lie behind it.
        joined.assign(held_.held().begin(), held_.held().end());
        joined.insert(joined.end(), lent.begin(), lent.end());
        held_.clear();
        lent = joined;
    }
    held_.feed(lent, [this](bytes_view& in) { return eat(in); });
    if (gone_) return;
    if (held_.held().size() > held_max_when_short && at_.shared().memory.is_short())
        end(mqtt::reason::quota_exceeded, "the server is short of memory");
    note();
    if (!at_.is_congested() || closing_) return;
    if (!paused_) stream_->pause();
    paused_ = true;
    at_.resume_later(*this);
}

void connection::hold_back() { late_ = std::make_unique<std::vector<byte>>(); }

std::size_t connection::put_off(bytes_view& in) {
    late_->insert(late_->end(), in.begin(), in.end());
    if (!in.empty() && !paused_) {
        paused_ = true;
        stream_->pause();
    }
    in = {};
    return 1;
}

void connection::go_on() {
    const auto late = std::move(late_);
    if (closing_ || gone_) return;
    take_in(*late);
    if (!gone_ && !late_ && !at_.is_congested()) resume_reading();  // else take_in() saw to it
}

std::size_t connection::eat(bytes_view& in) {
    if (late_) return put_off(in);
    const instant now = at_.shared().loop.now();
    work_budget& work = at_.shared().work;
    while (true) {
        if (work.is_spent() && !in.empty()) {
            hold_back();
            at_.go_on_later(*this);
            return put_off(in);
        }
        work.spend();
        const bytes_view before = in;
        auto what = machine_.next(in, now);
        const std::uint16_t quiet = machine_.take_quiet();
        at_.shared().count.messages_received.add(quiet);
        at_.shared().count.messages_sent.add(quiet);
        if (const auto* wait = std::get_if<mqtt::server_session::idle>(&what)) return wait->missing;
        if (const auto* message = std::get_if<mqtt::publish>(&what)) {
            if (!on(*message)) return 0;
            continue;
        }
        if (!handle(what, before.first(before.size() - in.size()), in)) return 0;
        if (late_) return put_off(in);
    }
}

bool connection::handle(mqtt::server_session::event& what, bytes_view packet, bytes_view rest) {
    at_.shared().count.messages_received.add();
    return std::visit(
        [&](auto& one) {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, mqtt::connect>)
                return on(one, packet, rest);
            else
                return on(one);
        },
        what);
}

bool connection::on(const mqtt::server_session::released& what) {
    const auto* whole = reinterpret_cast<const delivery*>(what.message);
    if (whole && whole->level == mqtt::qos::exactly_once && !is_failure(what.code))
        at_.shared().count.messages_sent.add();  // the PUBREL
    if (!session_) return true;
    session_->on_released(what.message);
    session_->pump();
    return true;
}

bool connection::on(const mqtt::server_session::completed&) {
    if (session_) session_->pump();
    return true;
}

bool connection::on(const mqtt::server_session::wants_flows&) {
    if (!session_) return false;
    const bool is_first = !machine_.has_flows();
    flight& windows = session_->windows();
    if (!is_first && !windows.grow_receiving()) {
        end(mqtt::reason::receive_maximum_exceeded);
        return false;
    }
    return true;
}

bool connection::on(const mqtt::server_session::closed& what) {
    say_ended(at_.shared(), *this, what.code);
    close_after_write();
    return false;
}

bool connection::on(const mqtt::disconnect& what) {
    say_received(at_.shared(), *this, "DISCONNECT");
    left_in_order_ = what.code == mqtt::reason::success;
    if (session_) at_.sessions().on_disconnect(*session_, what);
    close_after_write();
    return false;
}

// No authentication method is known here, so the only AUTH is one out of place. [MQTT-5 4.12]
bool connection::on(const mqtt::auth&) {
    end(mqtt::reason::protocol_error);
    return false;
}

bool connection::on(const mqtt::subscribe& what) {
    say_received(at_.shared(), *this, "SUBSCRIBE");
    if (rules_->how.mount_point.empty()) return at_.desk().subscribe(*this, what), true;
    const auto filters = mounted(what.filters, rules_->how.mount_point);
    if (!filters) return end(mqtt::reason::topic_filter_invalid, too_long), false;
    mqtt::subscribe behind = what;
    behind.filters = mqtt::subscription_list{*filters};
    at_.desk().subscribe(*this, behind);
    return true;
}

bool connection::on(const mqtt::unsubscribe& what) {
    say_received(at_.shared(), *this, "UNSUBSCRIBE");
    if (rules_->how.mount_point.empty()) return at_.desk().unsubscribe(*this, what), true;
    const auto filters = mounted(what.filters, rules_->how.mount_point);
    if (!filters) return end(mqtt::reason::topic_filter_invalid, too_long), false;
    mqtt::unsubscribe behind = what;
    behind.filters = mqtt::filter_list{*filters};
    at_.desk().unsubscribe(*this, behind);
    return true;
}

// --- machine to world ----------------------------------------------------------------------------

void connection::note() noexcept {
    if (!out_.empty() && !gone_) at_.shared().loop.mark_dirty(*this);
}

void connection::flush() noexcept {
    // Whoever is on the way out has left: neither its will nor its successor waits for the socket.
    if (closing_ && session_) at_.let_go(*this, error::none);
    if (writing_ || gone_ || !stream_) return;
    while (!out_.empty()) {
        std::array<bytes_view, 64> pieces;
        const std::size_t count = out_.gather(pieces);
        std::size_t all = 0;
        for (std::size_t i = 0; i != count; ++i) all += pieces[i].size();
        const std::size_t taken = stream_->write({pieces.data(), count});
        at_.shared().count.bytes_sent.add(taken);
        out_.sent(taken);
        if (taken < all) {
            writing_ = true;
            return weigh();
        }
    }
    weigh();
    if (closing_) return finish();
    if (session_) {
        session_->on_drained();
        note();
    }
}

void connection::on_written(std::size_t n) noexcept {
    writing_ = false;
    at_.shared().count.bytes_sent.add(n);
    out_.sent(n);
    weigh();
    if (out_.empty() && !closing_ && (!session_ || session_->queued() == 0)) return;
    at_.shared().loop.mark_dirty(*this);
}

/// Brings the worker's figures of what waits for the network up to date.
void connection::weigh() noexcept {
    const auto bytes = static_cast<std::uint32_t>(out_.bytes());
    if (bytes == 0) publishes_ = 0;
    if (bytes == weighed_.bytes && publishes_ == weighed_.publishes) return;
    at_.shared().count.output_bytes.add(std::uint64_t{bytes} - weighed_.bytes);
    at_.shared().count.output_publishes.add(std::uint64_t{publishes_} - weighed_.publishes);
    weighed_ = {bytes, publishes_};
}

void connection::end(mqtt::reason why, std::string_view because) {
    if (closing_ || gone_) return;
    std::array<byte, 128> room;
    machine_.disconnect_now(why, explain(because, room));
    close_after_write();
}

void connection::close_after_write() noexcept {
    if (closing_ || gone_) return;
    closing_ = true;
    at_.shared().loop.arm(*this, close_within);
    at_.shared().loop.mark_dirty(*this);
    if (out_.empty()) return;
    // Closing with input unread would make the kernel send a reset, which may overtake our last
    // words: they are written, our side is ended, and what still comes is read and dropped.
    says_farewell_ = true;
    if (stream_ && paused_) stream_->resume();
    paused_ = false;
}

void connection::finish() noexcept {
    if (!says_farewell_) return stream_->close();
    if (ended_) return;
    ended_ = true;
    at_.shared().loop.arm(*this, linger_for);
    stream_->shutdown();
}

void connection::resume_reading() noexcept {
    if (!paused_ || closing_ || gone_) return;
    paused_ = false;
    stream_->resume();
}

void connection::on_closed(error why) noexcept {
    gone_ = true;
    timer::cancel();
    stream_ = nullptr;
    out_.clear();
    weigh();
    door_->leave();
    at_.on_connection_closed(*this, why);
}

void connection::on_timer(timer& self, instant now) noexcept {
    auto& mine = static_cast<connection&>(self);
    if (mine.closing_) return mine.stream_->abort();  // it does not even read our last words
    auto what = mine.machine_.tick(now);
    if (const auto* over = std::get_if<mqtt::server_session::closed>(&what))
        mine.on(*over);
    else
        mine.watch_deadline();
}

void connection::watch_deadline() noexcept {
    const instant at = machine_.deadline();
    if (at == never)
        timer::cancel();
    else
        at_.shared().loop.timers().arm(*this, at);
}

}  // namespace nightjar::broker
