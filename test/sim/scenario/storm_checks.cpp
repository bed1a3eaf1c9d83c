// What must hold when the storm is over.

#include "scenario/storm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace nightjar::sim {
namespace {

constexpr duration patience = 600s;  // of the calm for the world to become quiet
constexpr std::string_view queue_topic = "queue/test";

}  // namespace

/// Of each client one connection is left, whatever came before.
void storm::check_connections() {
    const auto up = [this] { return broker_->count().clients_connected; };
    if (!until([&] { return up() == guests_.size(); }, patience))
        complain(fmt::format("{} connections of {} clients", up(), guests_.size()));
}

/// Where the broker may drop, no more is missing than it says it dropped.
void storm::check_missing() {
    const auto missing = [this] { return judge_.missing(world_.now()); };
    if (!until([&] { return missing() <= dropped(); }, patience))
        judge_.complain_of_missing(world_.now());
}

/// Who does not read makes nobody wait.
void storm::check_slow_readers() {
    guest& speaker = *guests_.front();
    std::vector<std::size_t> before;
    const std::uint64_t dropped_before = dropped();
    for (auto& one : guests_) {
        if (one->is_slow()) one->pause_reading(true);
        before.push_back(judge_.missing(one->number(), world_.now()));
    }
    for (int i = 0; i != 20; ++i) {
        if (!until([&] { return speaker.may_publish(); }, 1s))
            return complain("slow readers hold up a publisher");
        speaker.publish_to(draw_topic(chance_), 1000, 0);
        rest(20ms);
    }
    rest(1s);
    for (auto& one : guests_) {
        const bool waits = judge_.missing(one->number(), world_.now()) >
                           before[one->number()] + dropped() - dropped_before;
        if (waits && !one->is_slow())
            complain(fmt::format("client {} waits for slow readers", one->number()));
        one->pause_reading(false);
    }
    settle();
}

void storm::check_retained() {
    probe_ = &add_guest(canary::none);
    probe_->when_received = [this](const mqtt::publish& p) {
        const auto name = name_in(p.payload);
        if (!name) return;
        if (p.retain)
            retained_[std::string(p.topic)] = *name;
        else
            heard_.try_emplace(*name, world_.now());
        if (p.topic == queue_topic) queued_.push_back(*name);
    };
    probe_->expect_no_refusals();
    probe_->calm_down();
    probe_->begin();
    if (!until([this] { return probe_->is_up(); }, 60s)) return complain("nobody comes in");
    probe_->subscribe_to_all();
    if (!until([this] { return probe_->is_settled(); }, 30s)) complain("the probe is not served");
    rest(5s);
    judge_.check_retained(retained_);
    if (!plan_.has_limits)
        judge_.check_retained_lost(retained_);  // else what was sent may be dropped
}

// --- what is dropped, and what is refused --------------------------------------------------------

/// What waits for a client that is away is what its policy lets wait, in order.
void storm::check_queue() {
    const auto is_quiet = [this] { return broker_->count().queued == 0 && probe_->is_settled(); };
    if (!until(is_quiet, 60s)) return complain("messages wait though all is calm");
    parting absence;
    absence.how = parting::manner::rude;
    absence.expiry_s = expiry_never;
    absence.returns = 20s;
    probe_->part(absence);
    if (!until([this] { return probe_->left_at() != never; }, 30s))
        return complain("the probe does not leave");
    rest(1s);
    queued_.clear();
    const std::uint64_t before = dropped();
    const auto said = fill_queue();
    const auto kept = survivors(said);
    rest(20s);
    if (!until(is_quiet, 60s)) return complain("what waited for the probe does not come");
    rest(1s);
    if (queued_ != kept)
        complain(fmt::format("of {} messages {} should have waited, and {} did, or not those",
                             said.size(), kept.size(), queued_.size()));
    if (dropped() < before + said.size() - kept.size())
        complain("messages were dropped and not counted");
}

/// By somebody who is there: more than will be kept, mostly, and no faster than others read.
std::vector<storm::waiting> storm::fill_queue() {
    guest& speaker = *guests_.front();
    std::vector<waiting> said;
    for (int i = 0; i != 30; ++i) {
        if (!until([&] { return speaker.may_publish(); }, 5s)) break;
        const std::size_t filler = chance_.uniform(400);
        const message_name what = speaker.publish_to(queue_topic, filler, 0);
        said.push_back({what, payload_of(what, filler).size()});
        rest(20ms);
    }
    if (!until([&] { return speaker.is_settled(); }, 5s))
        complain("messages for one who is away are not acknowledged");
    return said;
}

/// What an obvious queue under the same limits would hold.
std::vector<message_name> storm::survivors(const std::vector<waiting>& said) const {
    const auto& how = plan_.config;
    const bool drops_oldest =
        plan_.door.slow_subscriber_policy == broker::listener_config::slow_policy::drop_oldest;
    std::deque<waiting> queue;
    std::size_t held = 0;
    const auto is_full = [&](std::size_t size) {
        return (how.max_queued_messages != 0 && queue.size() >= how.max_queued_messages) ||
               (how.max_queued_bytes != 0 && held + size > how.max_queued_bytes);
    };
    for (const waiting& one : said) {
        while (drops_oldest && !queue.empty() && is_full(one.size)) {
            held -= queue.front().size;
            queue.pop_front();
        }
        if (is_full(one.size)) continue;
        held += one.size;
        queue.push_back(one);
    }
    std::vector<message_name> names;
    for (const waiting& one : queue) names.push_back(one.what);
    return names;
}

/// Where memory is used up nothing new is taken; once there is some again, all goes on.
void storm::check_memory() {
    guest& late = *guests_[plan_.guests - 1];
    const auto speaker = std::ranges::find_if(
        guests_, [](const auto& one) { return one->version() == mqtt::version::v5; });
    const std::size_t before = judge_.refusals();
    memory_.press(plan_.config.memory_limit);
    late.hang_up();
    const bool has_speaker = speaker != guests_.end() && (*speaker)->number() < late.number();
    if (has_speaker) (*speaker)->publish_to(draw_topic(chance_), 10, 0);
    rest(5s);
    if (late.is_up()) complain("a client was let in though memory was used up");
    if (has_speaker && judge_.refusals() == before)
        complain("a message was taken though memory was used up");
    memory_.press(0);
    settle();
}

void storm::check_partings() {
    std::vector<parting> all;
    for (unsigned i = 0; i != plan_.guests; ++i) {
        all.push_back(parting::draw(chance_, guests_[i]->version()));
        guests_[i]->part(all.back());
    }
    rest(2s);
    // For those who come back, if it has not expired by then.
    for (int i = 0; i != 5 && until([this] { return probe_->may_publish(); }, 100ms); ++i)
        probe_->publish_to(draw_topic(chance_), 10,
                           static_cast<std::uint32_t>(chance_.uniform(10)));
    rest(parting::all_over);
    for (unsigned i = 0; i != plan_.guests; ++i) {
        if (!plan_.pressure().dismisses) check_will_of(*guests_[i], all[i]);
        if (!all[i].session_waits() || plan_.may_drop()) continue;
        if (const auto many = judge_.missing(i, world_.now()))
            complain(fmt::format("client {}: {} messages did not wait for it", i, many));
    }
}

void storm::check_will_of(const guest& who, const parting& how) {
    if (who.left_at() == never) return complain(who.state_text() + ", and did not leave");
    if (!how.has_will) return;
    const auto due = how.will_due();
    const auto heard = heard_.find(who.will());
    const bool is_heard = heard != heard_.end();
    if (is_heard && !due)
        complain(fmt::format("client {}: its will was published for nothing", who.number()));
    if (!is_heard && due && !plan_.has_limits)
        complain(fmt::format("client {}: its will was not published", who.number()));
    if (is_heard && due && heard->second > who.left_at() + *due + 1s)
        complain(fmt::format("client {}: its will was late", who.number()));
}

std::vector<std::size_t> storm::missing_now() const {
    std::vector<std::size_t> missing;
    for (const auto& one : guests_) missing.push_back(judge_.missing(one->number(), world_.now()));
    return missing;
}

/// Each loss was counted, and said in the log of the client that it was the loss of.
void storm::check_losses(const std::vector<std::size_t>& missing) {
    losses_.check(broker_->count().lost, [this](const std::string& what) { complain(what); });
    for (unsigned i = 0; i != guests_.size(); ++i)
        if (missing[i] > losses_.of(i))
            complain(fmt::format("client {}: {} messages never came, and {} are said to be lost", i,
                                 missing[i], losses_.of(i)));
}

}  // namespace nightjar::sim
