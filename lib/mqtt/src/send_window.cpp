#include <nightjar/base/expects.hpp>
#include <nightjar/mqtt/window.hpp>

#include <algorithm>
#include <bit>

namespace nightjar::mqtt {
namespace {

constexpr std::uint32_t ids = 65535;  // 1 … 65535 [MQTT-5 2.2.1]

constexpr packet_id step(packet_id id, std::uint32_t distance) noexcept {
    return static_cast<packet_id>((id - 1u + distance) % ids + 1u);
}

}  // namespace

send_window::send_window(std::span<slot> storage) noexcept : slots_(storage) {
    expects(storage.size() >= 2 && storage.size() <= 65536 && std::has_single_bit(storage.size()),
            "a send window has a power of two of slots, 2 to 65536");
}

void send_window::set_quota(std::uint16_t quota) noexcept { quota_ = quota; }

// One identifier less than 65536 slots: the newest must never bear the name of the oldest.
bool send_window::has_slot() const noexcept {
    return used_ < std::min<std::size_t>(slots_.size(), ids);
}

bool send_window::has_room() const noexcept { return in_flight_ < quota_ && has_slot(); }

packet_id send_window::next_id() const noexcept { return id_at(used_); }

result<packet_id> send_window::begin(qos level, token message) noexcept {
    expects(level != qos::at_most_once, "only QoS 1 and 2 have a flight");
    if (!has_room()) return fail(error::no_room);
    ++in_flight_;
    return append(
        {message, level == qos::at_least_once ? stage::wait_puback : stage::wait_pubrec, true});
}

result<packet_id> send_window::begin_request(token request) noexcept {
    if (!has_slot()) return fail(error::no_room);
    return append({request, stage::wait_answer, true});
}

packet_id send_window::append(const slot& what) noexcept {
    const packet_id id = next_id();
    at(used_++) = what;
    return id;
}

send_window::outcome send_window::on_puback(packet_id id) noexcept {
    slot* s = find(id, stage::wait_puback);
    if (!s) return {};
    return finish(*s);
}

send_window::outcome send_window::on_pubrec(packet_id id, bool failed) noexcept {
    if (slot* s = find(id, stage::wait_pubrec)) {
        if (failed) return finish(*s);
        s->at = stage::wait_pubcomp;
        return {true, true, std::exchange(s->message, 0)};
    }
    slot* s = find(id, stage::wait_pubcomp);
    if (!s) return {};
    if (failed) finish(*s);
    return {.is_known = true};
}

send_window::outcome send_window::on_pubcomp(packet_id id) noexcept {
    slot* s = find(id, stage::wait_pubcomp);
    if (!s) return {};
    finish(*s);
    return {.is_known = true};
}

send_window::outcome send_window::on_answer(packet_id id) noexcept {
    slot* s = find(id, stage::wait_answer);
    if (!s) return {};
    return finish(*s);
}

void send_window::begin_connection() noexcept {
    forget(stage::wait_answer);
    for_each([](packet_id, slot& s) { s.is_written = false; });
}

void send_window::forget_released() noexcept { forget(stage::wait_pubcomp); }

void send_window::forget(stage which) noexcept {
    for (std::uint32_t i = 0; i != used_; ++i) {
        slot& s = at(i);
        if (s.at != which) continue;
        if (which != stage::wait_answer) --in_flight_;
        s = {};
    }
    drop_done();
}

void send_window::clear() noexcept {
    for (std::uint32_t i = 0; i != used_; ++i) at(i) = {};
    in_flight_ = 0;
    drop_done();
}

void send_window::take_over(send_window& other) noexcept {
    expects(used_ == 0, "only an empty window takes over another");
    expects(other.used_ <= slots_.size(), "what is in flight fits into the new ring");
    head_ = 0;
    for (; used_ != other.used_; ++used_) slots_[used_] = other.at(used_);
    oldest_ = other.oldest_;
    in_flight_ = other.in_flight_;
    quota_ = other.quota_;
    other.clear();
}

send_window::slot& send_window::at(std::uint32_t distance) noexcept {
    return slots_[(head_ + distance) & (slots_.size() - 1)];
}

packet_id send_window::id_at(std::uint32_t distance) const noexcept {
    return step(oldest_, distance);
}

send_window::slot* send_window::find(packet_id id, stage at_stage) noexcept {
    if (id == 0) return nullptr;
    const std::uint32_t distance = id >= oldest_ ? id - oldest_ : id + ids - oldest_;
    if (distance >= used_) return nullptr;
    slot& s = at(distance);
    return s.at == at_stage ? &s : nullptr;
}

send_window::outcome send_window::finish(slot& s) noexcept {
    const outcome done{true, true, s.message};
    if (s.at != stage::wait_answer) --in_flight_;
    s = {};
    drop_done();
    return done;
}

void send_window::drop_done() noexcept {
    while (used_ != 0 && at(0).at == stage::done) {
        head_ = (head_ + 1) & static_cast<std::uint32_t>(slots_.size() - 1);
        oldest_ = step(oldest_, 1);
        --used_;
    }
}

}  // namespace nightjar::mqtt
