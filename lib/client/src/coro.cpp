#include <nightjar/client/coro.hpp>

#include <algorithm>

namespace nightjar::client {

message::message(const mqtt::publish& what)
    : topic(what.topic),
      payload(as_text(what.payload)),
      properties(what.props.raw().begin(), what.props.raw().end()),
      level(what.level),
      retain(what.retain) {}

mqtt::publish message::view() const noexcept {
    mqtt::publish p;
    p.topic = topic;
    p.payload = as_bytes(payload);
    p.props = props();
    p.level = level;
    p.retain = retain;
    return p;
}

namespace detail {

/// The request may come from another thread: the loop hears of it.
void meeting::heed(const std::stop_token& stop) {
    if (!stop.stop_possible()) return;
    stop_.emplace(stop, [&on = loop_, weak = weak_from_this()] {
        on.post([weak] {
            if (const auto still = weak.lock()) {
                if (still->on_given_up) still->on_given_up();
                still->give_up(error::cancelled);
            }
        });
    });
}

void meeting::fire(timer& self, instant) noexcept {
    const auto still = static_cast<meeting&>(self).shared_from_this();
    if (still->on_given_up) still->on_given_up();
    still->give_up(error::timed_out);
}

void meeting::settle(bool later) {
    cancel();
    on_given_up = nullptr;
    if (!later) return wake();
    loop_.post([still = shared_from_this()] { still->wake(); });
}

void meeting::wake() noexcept {
    stop_.reset();
    if (who_) std::exchange(who_, {}).resume();
}

}  // namespace detail

using detail::slot;

co_client::co_client(io::loop& on, std::size_t inbox_max)
    : loop_(on), inbox_max_(inbox_max), plain_(on) {}

co_client::~co_client() { let_all_go(error::cancelled); }

callbacks co_client::events() {
    callbacks all;
    all.on_connected = [this](const mqtt::connack& p) {
        if (const auto who = std::exchange(arrival_, nullptr)) who->finish(p.session_present);
    };
    all.on_disconnected = [this](const ending& why) {
        if (why.again_in <= duration::zero()) on_ended(why);
    };
    all.on_delivery = [this](const mqtt::publish& p, receipt name) { on_delivery(p, name); };
    all.on_acknowledged = [this](ticket which, const acknowledgement& p) {
        if (const auto who = take(which)) who->finish(p.code);
    };
    all.on_dropped = [this](ticket which, error why) {
        if (const auto who = take(which)) who->finish(fail(why));
    };
    all.on_subscribed = [this](ticket which, const mqtt::suback& p) {
        const auto failed = std::find_if(p.codes.begin(), p.codes.end(), [](byte code) {
            return mqtt::is_failure(mqtt::reason{code});
        });
        const byte said = failed != p.codes.end() ? *failed
                          : p.codes.empty()       ? byte{0}
                                                  : p.codes[0];
        if (const auto who = take(which)) who->finish(mqtt::reason{said});
    };
    all.on_unsubscribed = [this](ticket which, const mqtt::unsuback& p) {
        const auto said = p.codes.empty() ? mqtt::reason::success : mqtt::reason{p.codes[0]};
        if (const auto who = take(which)) who->finish(said);
    };
    return all;
}

template <class T>
std::shared_ptr<slot<T>> co_client::meet(const patience& limit) {
    auto made = std::make_shared<slot<T>>(loop_);
    made->arm(limit.within);
    made->heed(limit.stop);
    return made;
}

operation<arrival> co_client::connect(options how, patience limit) {
    auto made = meet<arrival>(limit);
    made->on_given_up = [this] { plain_.disconnect(); };
    if (const auto begun = plain_.connect(std::move(how), events()); !begun)
        made->give_up(begun.error());
    else
        arrival_ = made;
    return operation<arrival>(std::move(made));
}

operation<ending> co_client::disconnect(mqtt::reason code) {
    auto made = meet<ending>({});
    if (plain_.is_idle())
        made->finish({ending::cause::asked, {}, code});
    else
        farewell_ = made;
    plain_.disconnect(code);
    return operation<ending>(std::move(made));
}

operation<result<mqtt::reason>> co_client::await_answer(const result<ticket>& asked,
                                                        const patience& limit) {
    auto made = meet<result<mqtt::reason>>(limit);
    if (!asked) {
        made->finish(fail(asked.error()));
    } else {
        answers_.emplace(*asked, made);
        made->on_given_up = [this, which = *asked] {
            plain_.cancel(which);
            answers_.erase(which);
        };
    }
    return operation<result<mqtt::reason>>(std::move(made));
}

std::shared_ptr<co_client::answer> co_client::take(ticket which) {
    auto found = answers_.extract(which);
    return found ? std::move(found.mapped()) : nullptr;
}

operation<result<mqtt::reason>> co_client::publish(const mqtt::publish& what, patience limit) {
    const auto taken = plain_.publish(what);
    if (!taken || what.level != mqtt::qos::at_most_once) return await_answer(taken, limit);
    auto made = meet<result<mqtt::reason>>({});
    made->finish(mqtt::reason::success);
    return operation<result<mqtt::reason>>(std::move(made));
}

operation<result<mqtt::reason>> co_client::publish(std::string_view topic, std::string_view payload,
                                                   mqtt::qos level, bool retain) {
    mqtt::publish what;
    what.topic = topic;
    what.payload = as_bytes(payload);
    what.level = level;
    what.retain = retain;
    return publish(what);
}

operation<result<mqtt::reason>> co_client::subscribe(std::span<const mqtt::subscription> what,
                                                     mqtt::properties props, patience limit) {
    return await_answer(plain_.subscribe(what, props), limit);
}

operation<result<mqtt::reason>> co_client::subscribe(std::string_view filter, mqtt::qos level,
                                                     patience limit) {
    return await_answer(plain_.subscribe(filter, level), limit);
}

operation<result<mqtt::reason>> co_client::unsubscribe(std::string_view filter, patience limit) {
    return await_answer(plain_.unsubscribe(filter), limit);
}

operation<result<message>> co_client::receive(patience limit) {
    auto made = meet<result<message>>(limit);
    if (!inbox_.empty()) {
        letter first = std::move(inbox_.front());
        inbox_.pop_front();
        if (first.name != 0)
            static_cast<void>(plain_.acknowledge(first.name));
        else
            --inbox_qos_0_;
        made->finish(std::move(first.what));
    } else if (plain_.is_idle()) {
        made->finish(fail(error::end_of_stream));
    } else {
        receivers_.push_back(made);
    }
    return operation<result<message>>(std::move(made));
}

operation<result<message>> co_client::request(const mqtt::publish& what, patience limit) {
    auto made = meet<result<message>>({.within = {}, .stop = limit.stop});
    const auto asked =
        plain_.request(what, limit.within, [weak = std::weak_ptr(made)](result<mqtt::publish> p) {
            const auto who = weak.lock();
            if (who) who->finish(p ? result<message>(message(*p)) : fail(p.error()));
        });
    if (!asked) {
        made->finish(fail(asked.error()));
    } else {
        std::erase_if(questions_, [](const auto& one) { return one.second->has_outcome(); });
        questions_.emplace(*asked, made);
        made->on_given_up = [this, which = *asked] { plain_.cancel(which); };
    }
    return operation<result<message>>(std::move(made));
}

result<ticket> co_client::respond(const message& to, std::string_view payload, mqtt::qos level) {
    return plain_.respond(to.view(), payload, level);
}

/// To whoever has waited longest; else to the inbox, unacknowledged.
void co_client::on_delivery(const mqtt::publish& what, receipt name) {
    const auto is_over = [](const auto& one) { return one->is_abandoned() || one->has_outcome(); };
    while (!receivers_.empty() && is_over(receivers_.front())) receivers_.pop_front();
    if (!receivers_.empty()) {
        const auto who = receivers_.front();
        receivers_.pop_front();
        if (name != 0) static_cast<void>(plain_.acknowledge(name));
        return who->finish(message(what));
    }
    if (name == 0 && inbox_qos_0_ >= inbox_max_) {
        ++dropped_;
        return;
    }
    if (name == 0) ++inbox_qos_0_;
    inbox_.push_back({message(what), name});
}

void co_client::on_ended(const ending& why) {
    if (const auto who = std::exchange(arrival_, nullptr))
        who->finish(tl::unexpected<ending>(why), true);
    if (const auto who = std::exchange(farewell_, nullptr)) who->finish(why, true);
    for (const auto& [which, who] : answers_) plain_.cancel(which);
    let_all_go(error::end_of_stream);
}

/// Each goes on from the loop: the first of them may destroy this.
void co_client::let_all_go(error why) {
    if (const auto who = std::exchange(arrival_, nullptr))
        who->finish(detail::made_of<arrival>(why), true);
    if (const auto who = std::exchange(farewell_, nullptr))
        who->finish(detail::made_of<ending>(why), true);
    for (const auto& [which, who] : std::exchange(answers_, {})) who->finish(fail(why), true);
    for (const auto& [which, who] : std::exchange(questions_, {})) who->finish(fail(why), true);
    for (const auto& who : std::exchange(receivers_, {})) who->finish(fail(why), true);
}

}  // namespace nightjar::client
