#pragma once
// Bytes as what clients do around $SYS, and what of it the figures must say. Clients have any
// names, publish and subscribe anywhere; time passes; the interval changes.
//
//      | workers | operation | arguments … | operation | arguments … |

#include <nightjar/broker/broker.hpp>
#include <nightjar/sim/world.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <set>
#include <span>

#include "sys_client.hpp"
#include "sys_figures.hpp"

namespace nightjar::broker {

class sys_world {
public:
    explicit sys_world(std::span<const std::uint8_t> bytes) : rest_(bytes) {
        for (unsigned left = 1 + take() % 3U; left != 0; --left)
            loops_.push_back(&world_.add_loop(0));
        how_.sys_interval = 1s;
        how_.log.to_topic = true;
        how_.log.types = log_config::all;
        listener_config& door = how_.listeners.emplace_back();
        door.port = place_.port();
        door.address = place_.address_text();
        door.security.allow_anonymous = true;
        broker_ = std::make_unique<broker>(how_, broker::ground{.loops = loops_, .log = &sink_});
        for (unsigned i = 0; i != loops_.size(); ++i)
            expects(broker_->open(i).has_value(), "the broker opens");
    }
    ~sys_world() {
        for (const auto& one : guests_) one->line->die();
        for (unsigned i = 0; i != loops_.size(); ++i)
            loops_[i]->post([this, i] { broker_->shut_down(i); });
        rest(10s);
    }
    sys_world(const sys_world&) = delete;
    sys_world& operator=(const sys_world&) = delete;

    /// What went wrong first, or empty.
    std::string run() {
        greet("a reader of figures", true, false, mqtt::version::v5);
        ask(*guests_.at(0), "$SYS/#", 0);
        greet("nosy about everything", true, false, mqtt::version::v5);
        ask(*guests_.at(1), "#", 0);
        for (unsigned done = 0; !rest_.empty() && trouble_.empty() && done != operations_max;
             ++done)
            operate();
        look();
        return trouble_;
    }

private:
    static constexpr unsigned operations_max = 300;
    static constexpr std::size_t guests_max = 6;
    struct silent final : log_sink {
        void write(log_config::type, std::string_view) noexcept override {}
    };
    struct account {  // of a session
        bool is_kept = false;
        std::set<std::string> asked, granted;  // filters
    };
    struct guest {
        std::string name;  // the session's
        std::unique_ptr<sys_client> line;
        bool is_here = false;  // the session's connection
    };

    std::uint8_t take() {
        if (rest_.empty()) return 0;
        const std::uint8_t one = rest_.front();
        rest_ = rest_.subspan(1);
        return one;
    }
    std::string raw() {
        std::string made;
        for (unsigned left = take() % 12U; left != 0; --left)
            made.push_back(static_cast<char>(take()));
        return made;
    }
    std::string any_name() {
        static constexpr std::string_view names[] = {
            "a", "$SYS",      "#",    "+/x",        "\n",   "\x1b[2J", "\xc2\x85", "\xed\xa0\x80",
            "",  "{} {:999}", "%s%n", "worker/0/x", "\xff", "../..",   "a\"b\\c",  " "};
        const unsigned which = take() % 18U;
        if (which < 16) return std::string(names[which]);
        return which == 16 ? raw() : std::string(1000, 'n');
    }
    std::string any_topic(bool with_wildcards) {
        static constexpr std::string_view levels[] = {
            "$SYS",      "$SYS", "broker", "uptime", "clients",
            "connected", "log",  "E",      "worker", "0",
            "a",         "",     "$sys",   "$SYSX",  "retained messages",
            "version",   "+",    "+"};
        if (const unsigned how = take() % 8U; how == 0) return raw();
        std::string made;
        for (unsigned left = 1 + take() % 4U; left != 0; --left) {
            made += levels[take() % (with_wildcards ? 18U : 16U)];
            if (left != 1) made += '/';
        }
        if (with_wildcards && take() % 2 == 0) made += made.empty() ? "#" : "/#";
        if (with_wildcards && take() % 8 == 0) made.insert(0, "$share/g/");
        return made;
    }
    void must(bool holds, std::string_view what, std::string_view about) {
        if (!holds && trouble_.empty()) trouble_ = std::string(what) + ": " + std::string(about);
    }
    void rest(duration time) {
        world_.run_until([] { return false; }, time);
    }

    void operate() {
        switch (take() % 10) {
            case 0:
            case 1: come(); break;
            case 2: leave(); break;
            case 3:
            case 4:
            case 5: publish(); break;
            case 6: subscribe(); break;
            case 7: unsubscribe(); break;
            case 8: wait(); break;
            case 9: change_interval(); break;
        }
        sweep();
    }

    // --- what clients do
    void come() {
        if (guests_.size() >= guests_max) return;
        const std::string name = any_name();
        const unsigned how = take();
        greet(name, (how & 1) != 0, (how & 2) != 0,
              (how & 4) != 0 ? mqtt::version::v5 : mqtt::version::v3_1_1);
    }

    void greet(const std::string& name, bool clean, bool kept, mqtt::version version) {
        std::array<byte, 8> room;
        mqtt::property_writer props{room};
        if (version != mqtt::version::v5)
            kept = !clean;
        else if (kept)
            props.add(mqtt::property_id::session_expiry_interval, 0xFFFFFFFF);
        const mqtt::connect hello{
            .version = version, .clean_start = clean, .client_id = name, .props = props.made()};
        auto made = std::make_unique<guest>();
        guest& fresh = *made;
        fresh.line = std::make_unique<sys_client>(
            clients_, place_, hello, [this, &fresh](const mqtt::publish& p) { hear(fresh, p); });
        fresh.name = name;
        guests_.push_back(std::move(made));
        ++sockets_;
        settle();
        must(fresh.line->welcome() || fresh.line->is_over(), "no answer to CONNECT", name);
        if (fresh.line->welcome() == mqtt::reason::success) welcome(fresh, clean, kept);
    }

    void welcome(guest& fresh, bool clean, bool kept) {
        if (fresh.name.empty()) fresh.name = fresh.line->assigned_name();
        if (fresh.name.empty()) fresh.name = "?" + std::to_string(sockets_);  // 3.1.1 is not told
        for (const auto& other : guests_)
            if (other.get() != &fresh && other->name == fresh.name) other->is_here = false;
        const auto found = accounts_.find(fresh.name);
        const bool was_there = found != accounts_.end() && found->second.is_kept && !clean;
        must(fresh.line->has_session() == was_there, "session present", fresh.name);
        account& its = accounts_[fresh.name];
        if (!was_there) its = {};
        its.is_kept = kept;
        fresh.is_here = true;
    }

    /// Those whose connection has ended.
    void sweep() {
        for (const auto& one : guests_) {
            if (!one->line->is_over() || !std::exchange(one->is_here, false)) continue;
            must(one.get() != guests_[0].get() && one.get() != guests_[1].get(),
                 "an innocent one is sent away", one->name);
            if (!accounts_[one->name].is_kept) accounts_.erase(one->name);
        }
        std::erase_if(guests_, [](const auto& one) { return one->line->is_over(); });
    }

    /// One of those who are here, but for the first two.
    guest* any_guest() {
        const unsigned which = 2 + take() % static_cast<unsigned>(guests_max - 2);
        return which < guests_.size() && guests_[which]->is_here ? guests_[which].get() : nullptr;
    }

    void leave() {
        guest* const one = any_guest();
        if (!one) return;
        if (take() % 2 == 0)
            one->line->say(mqtt::disconnect{});
        else
            one->line->die();
        settle();
        must(one->line->is_over(), "who left is still there", one->name);
    }

    void publish() {
        guest* const one = any_guest();
        const std::string topic = any_topic(false), payload = take() % 4 == 0 ? "" : "!" + raw();
        const unsigned how = take();
        if (!one || (topic.empty() && one->line->version() == mqtt::version::v5)) return;
        const bool is_asked = (how & 1) != 0;
        one->line->forget_answer();
        one->line->say(
            mqtt::publish{.topic = topic,
                          .payload = as_bytes(payload),
                          .id = static_cast<mqtt::packet_id>(is_asked ? 7 : 0),
                          .level = is_asked ? mqtt::qos::at_least_once : mqtt::qos::at_most_once,
                          .retain = (how & 2) != 0});
        settle();
        if (one->line->is_over())
            return must(!mqtt::is_topic_name(topic, {}), "sent away for", topic);
        ++published_;
        if (!is_asked) return;
        must(one->line->answer().has_value(), "not acknowledged", topic);
        if (one->line->version() != mqtt::version::v5) return;
        must((one->line->answer() == mqtt::reason::not_authorized) == is_below_sys(topic),
             "the wrong code for a publication", topic);
    }

    void subscribe() {
        guest* const one = any_guest();
        const std::string filter = any_topic(true);
        if (one && !filter.empty()) ask(*one, filter, take() % 2U);
    }

    void ask(guest& by, const std::string& filter, unsigned level) {
        const bool is_legal = mqtt::is_topic_filter(filter, {});
        if (is_legal) accounts_[by.name].asked.insert(filter);
        std::array<byte, 256> room;
        writer list{room};
        mqtt::subscription_list::put(list,
                                     {.filter = filter, .maximum = static_cast<mqtt::qos>(level)});
        by.line->forget_answer();
        by.line->say(mqtt::subscribe{.id = 8, .filters = mqtt::subscription_list{list.written()}});
        settle();
        must(by.line->is_over() == !is_legal, "legal or not", filter);
        if (by.line->is_over()) return;
        must(by.line->answer() && !is_failure(*by.line->answer()), "no subscription", filter);
        accounts_[by.name].granted.insert(filter);
    }

    void unsubscribe() {
        guest* const one = any_guest();
        if (!one || accounts_[one->name].granted.empty()) return;
        const std::string filter = *accounts_[one->name].granted.begin();
        std::array<byte, 256> room;
        writer list{room};
        mqtt::filter_list::put(list, filter);
        one->line->forget_answer();
        one->line->say(mqtt::unsubscribe{.id = 9, .filters = mqtt::filter_list{list.written()}});
        settle();
        must(one->line->answer().has_value(), "no UNSUBACK", filter);
        accounts_[one->name].granted.erase(filter);
    }

    // --- what time does
    void settle() { rest(20ms); }

    void wait() {
        static constexpr duration times[] = {1ms, 300ms, 1s, 5s, 60s, 3600s};
        const duration all = times[take() % 6U];
        const duration most = how_.sys_interval == 0s ? all : 20 * duration(how_.sys_interval);
        rest(std::min(all, most));
    }

    void change_interval() {
        static constexpr std::chrono::seconds intervals[] = {0s, 1s, 2s, 7s, 60s, 65535s};
        how_.sys_interval = intervals[take() % 6U];
        broker_->reconfigure(how_);
        settle();
    }

    // --- what must hold
    void hear(const guest& who, const mqtt::publish& p) {
        const std::string topic(p.topic);
        const auto& asked = accounts_[who.name].asked;
        must(std::ranges::any_of(asked, [&](const auto& one) { return may_get(one, topic); }),
             "came without a filter", topic);
        const std::string_view said = as_text(p.payload);
        if (!is_below_sys(topic)) return must(said.empty() || said[0] == '!', "not said", topic);
        constexpr std::string_view root = "$SYS/broker/";
        must(topic.starts_with(root), "not the broker's", topic);
        const std::string name = topic.substr(std::min(root.size(), topic.size()));
        must(is_figure(name, said), "no figure", topic + " = " + std::string(said));
        if (&who != guests_[0].get()) return;
        if (name == "uptime") check_uptime(said);
        said_[name] = said;
    }

    void check_uptime(std::string_view said) {
        std::uint64_t seconds = 0;
        std::from_chars(said.data(), said.data() + said.size(), seconds);
        const auto lived =
            std::chrono::duration_cast<std::chrono::seconds>(world_.now() - begun_).count();
        must(seconds <= static_cast<std::uint64_t>(lived) && seconds >= uptime_, "uptime", said);
        uptime_ = std::max(uptime_, seconds);
    }

    /// The figures, once they had time to be said again.
    void look() {
        if (how_.sys_interval == 0s || how_.sys_interval > 60s || !trouble_.empty()) return;
        rest(duration(how_.sys_interval) + 100ms);
        sweep();
        std::uint64_t here = 0, away = 0, plain = 0, shared = 0;
        for (const auto& one : guests_) here += one->is_here;
        for (const auto& [name, one] : accounts_) {
            for (const auto& filter : one.granted)
                ++(mqtt::shared(filter).has_value() ? shared : plain);
            const bool is_here = std::ranges::any_of(guests_, [&, &name = name](const auto& g) {
                return g->is_here && g->name == name;
            });
            away += !is_here;
        }
        must_say("clients/connected", here);
        must_say("clients/disconnected", away);
        must_say("clients/total", here + away);
        must_say("subscriptions/count", plain);
        must_say("shared_subscriptions/count", shared);
        must_say("publish/messages/received", published_);
        must_say("connections/socket/count", sockets_);
        for (const char* name : {"clients/connected", "clients/disconnected",
                                 "publish/messages/received", "subscriptions/count"})
            must_add_up(name);
    }
    void must_say(const std::string& name, std::uint64_t wanted) {
        must(said_[name] == std::to_string(wanted), "a figure",
             name + " = " + said_[name] + ", not " + std::to_string(wanted));
    }
    void must_add_up(const std::string& name) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i != loops_.size(); ++i)
            sum += std::stoull("0" + said_["worker/" + std::to_string(i) + "/" + name]);
        must_say(name, sum);
    }

    std::span<const std::uint8_t> rest_;
    io::endpoint place_ = sim::world::address_of(0, 1883);
    sim::world world_{1};
    instant begun_ = world_.now();
    silent sink_;
    broker_config how_;
    std::vector<io::loop*> loops_;
    io::loop& clients_ = world_.add_loop(1);
    std::unique_ptr<broker> broker_;
    std::vector<std::unique_ptr<guest>> guests_;
    std::map<std::string, account> accounts_;
    std::map<std::string, std::string> said_;  // to the reader
    std::uint64_t sockets_ = 0, published_ = 0, uptime_ = 0;
    std::string trouble_;
};

}  // namespace nightjar::broker
