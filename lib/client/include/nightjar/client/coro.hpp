#pragma once
// The client for coroutines: `co_await c.connect(how)`, `co_await c.publish(...)`, `co_await
// c.receive()`. Sugar on client.hpp, not a second client: a coroutine runs inside the loop's
// callbacks, on its thread; each operation costs an allocation. Needs a compiler with C++20
// coroutines.
//
//     io::task<> listen(io::loop& on) {
//         client::co_client c(on);
//         if (auto there = co_await c.connect({.host = "broker"}); !there) co_return;
//         co_await c.subscribe("home/#", mqtt::qos::at_least_once);
//         while (auto message = co_await c.receive()) use(*message);
//     }

#include <nightjar/client/client.hpp>
#include <nightjar/io/coro.hpp>

#include <deque>
#include <map>
#include <stop_token>

namespace nightjar::client {

/// A message that owns what it says.
struct message {
    std::string topic{};
    std::string payload{};
    std::vector<byte> properties{};
    mqtt::qos level{};
    bool retain = false;

    explicit message(const mqtt::publish& what);
    mqtt::properties props() const noexcept { return mqtt::properties{bytes_view{properties}}; }
    /// Valid as long as the message.
    mqtt::publish view() const noexcept;
};

/// How long an operation is waited for. Both let go of it as client::cancel() does.
struct patience {
    duration within{};       ///< Then `timed_out`; zero: no limit.
    std::stop_token stop{};  ///< Then `cancelled`; from any thread.
};

namespace detail {

/// Where an operation's outcome and its coroutine meet. Outlives the client where the coroutine
/// has not asked yet.
class meeting : private timer, public std::enable_shared_from_this<meeting> {
public:
    explicit meeting(io::loop& on) noexcept : timer(fire), loop_(on) {}
    virtual ~meeting() = default;

    /// What the outcome is when `limit` has passed or `stop` was requested.
    virtual void give_up(error why) = 0;
    void arm(duration limit) noexcept {
        if (limit > duration::zero()) loop_.arm(*this, limit);
    }
    void heed(const std::stop_token& stop);
    /// Called before give_up() hands out the error: lets go of what is pending.
    std::function<void()> on_given_up;

    void wait(std::coroutine_handle<> who) noexcept { who_ = who; }
    void leave() noexcept { who_ = {}, is_abandoned_ = true; }
    bool is_abandoned() const noexcept { return is_abandoned_; }

protected:
    /// The coroutine goes on, now or, where whoever calls has more to do, from the loop.
    void settle(bool later);

private:
    static void fire(timer& self, instant) noexcept;
    void wake() noexcept;

    io::loop& loop_;
    std::coroutine_handle<> who_;
    std::optional<std::stop_callback<std::function<void()>>> stop_;
    bool is_abandoned_ = false;
};

template <class T>
class slot final : public meeting {
public:
    using meeting::meeting;
    bool has_outcome() const noexcept { return outcome_.has_value(); }
    /// The first one counts. May destroy whoever calls, unless `later`.
    void finish(T what, bool later = false) {
        if (outcome_) return;
        outcome_.emplace(std::move(what));
        settle(later);
    }
    T take() { return std::move(*outcome_); }
    void give_up(error why) override;

private:
    std::optional<T> outcome_;
};

}  // namespace detail

/// Whether the server had our session, or why there is no connection.
using arrival = tl::expected<bool, ending>;

namespace detail {

template <class T>
T made_of(error why) {
    if constexpr (std::is_same_v<T, arrival>)
        return tl::unexpected<ending>(ending{ending::cause::unreachable, why});
    else if constexpr (std::is_same_v<T, ending>)
        return ending{ending::cause::asked, why};
    else
        return fail(why);
}

template <class T>
void slot<T>::give_up(error why) {
    if (!outcome_) finish(made_of<T>(why));
}

}  // namespace detail

/// An operation under way; it began when it was made. Await it once; what is never awaited goes on
/// and is told to nobody.
template <class T>
class [[nodiscard]] operation {
public:
    explicit operation(std::shared_ptr<detail::slot<T>> of) noexcept : of_(std::move(of)) {}
    operation(operation&&) noexcept = default;
    operation& operator=(operation&&) = delete;
    ~operation() {
        if (of_) of_->leave();
    }

    bool await_ready() const noexcept { return of_->has_outcome(); }
    void await_suspend(std::coroutine_handle<> who) noexcept { of_->wait(who); }
    T await_resume() { return of_->take(); }

private:
    std::shared_ptr<detail::slot<T>> of_;
};

class co_client {
public:
    /// `inbox_max`: QoS 0 messages that nobody has received yet; the next ones are dropped and
    /// counted. Those of QoS 1 and 2 are acknowledged when they are received, so that a 5.0 server
    /// keeps to `receive_maximum`.
    explicit co_client(io::loop& on, std::size_t inbox_max = 1024);
    /// At any time. Whoever waits goes on with `cancelled`, in the loop's next turn.
    ~co_client();
    co_client(const co_client&) = delete;
    co_client& operator=(const co_client&) = delete;

    /// Connected, or why not. With `how.again.is_on` failed attempts are tried again until then;
    /// and so is each connection that is lost afterwards, without a word.
    operation<arrival> connect(options how, patience limit = {});
    /// DISCONNECT; the outcome is how the connection ended.
    operation<ending> disconnect(mqtt::reason code = mqtt::reason::normal_disconnection);

    /// QoS 0: taken. QoS 1 and 2: the server's answer, which may be a failure. As
    /// client::publish() else.
    operation<result<mqtt::reason>> publish(const mqtt::publish& what, patience limit = {});
    operation<result<mqtt::reason>> publish(std::string_view topic, std::string_view payload,
                                            mqtt::qos level = mqtt::qos::at_most_once,
                                            bool retain = false);
    /// The first failure among the server's answers, else the first answer.
    operation<result<mqtt::reason>> subscribe(std::span<const mqtt::subscription> what,
                                              mqtt::properties props = {}, patience limit = {});
    operation<result<mqtt::reason>> subscribe(std::string_view filter,
                                              mqtt::qos level = mqtt::qos::at_most_once,
                                              patience limit = {});
    operation<result<mqtt::reason>> unsubscribe(std::string_view filter, patience limit = {});
    /// The next message; it is acknowledged by that. `end_of_stream`: the client is not connected
    /// and does not try to be.
    operation<result<message>> receive(patience limit = {});
    /// `limit.within` must be set.
    operation<result<message>> request(const mqtt::publish& what, patience limit);
    /// As client::respond().
    result<ticket> respond(const message& to, std::string_view payload,
                           mqtt::qos level = mqtt::qos::at_most_once);

    std::size_t dropped() const noexcept { return dropped_; }  ///< QoS 0, for want of room.
    /// For questions, AUTH and the like. Its connect() is this class's.
    client& plain() noexcept { return plain_; }

private:
    using answer = detail::slot<result<mqtt::reason>>;
    using news = detail::slot<result<message>>;
    struct letter {
        message what;
        receipt name;
    };

    callbacks events();
    template <class T>
    std::shared_ptr<detail::slot<T>> meet(const patience& limit);
    operation<result<mqtt::reason>> await_answer(const result<ticket>& asked,
                                                 const patience& limit);
    std::shared_ptr<answer> take(ticket which);
    void on_delivery(const mqtt::publish& what, receipt name);
    void on_ended(const ending& why);
    void let_all_go(error why);

    io::loop& loop_;
    std::size_t inbox_max_;
    std::size_t dropped_ = 0;
    std::deque<letter> inbox_;
    std::size_t inbox_qos_0_ = 0;
    std::deque<std::shared_ptr<news>> receivers_;
    std::map<ticket, std::shared_ptr<answer>> answers_;
    std::map<ticket, std::shared_ptr<news>> questions_;
    std::shared_ptr<detail::slot<arrival>> arrival_;
    std::shared_ptr<detail::slot<ending>> farewell_;
    client plain_;
};

}  // namespace nightjar::client
