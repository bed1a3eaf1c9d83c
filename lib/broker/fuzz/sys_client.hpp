#pragma once
// A client in a simulated world that says what it is told, answers what it must and notes what it
// is told in return.

#include <nightjar/io/engine.hpp>
#include <nightjar/io/loop.hpp>
#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nightjar::broker {

class sys_client final : public io::receiver, private io::connector {
public:
    using hearing = std::function<void(const mqtt::publish&)>;

    /// Says `hello` once it is connected, which must live until then.
    sys_client(io::loop& on, const io::endpoint& to, const mqtt::connect& hello, hearing hear)
        : hello_(hello), version_(hello.version), hear_(std::move(hear)) {
        auto made = on.engine().connect({.to = to, .from = {}}, *this);
        expects(made.has_value(), "an attempt begins");
        attempt_ = std::move(*made);
    }

    void say(const mqtt::packet& what) {
        std::array<byte, 2048> room;
        fixed_output out{room};
        expects(mqtt::encode(what, version_, out), "a packet of these tests has room");
        next_.insert(next_.end(), out.written().begin(), out.written().end());
        flush();
    }
    /// As a process that dies.
    void die() noexcept {
        if (stream_) stream_->abort();
    }

    mqtt::version version() const noexcept { return version_; }
    bool is_over() const noexcept { return is_over_; }
    /// Of CONNACK.
    std::optional<mqtt::reason> welcome() const noexcept { return welcome_; }
    bool has_session() const noexcept { return has_session_; }
    const std::string& assigned_name() const noexcept { return assigned_name_; }
    /// Of the last SUBACK, UNSUBACK or PUBACK that has come since forget_answer().
    std::optional<mqtt::reason> answer() const noexcept { return answer_; }
    void forget_answer() noexcept { answer_.reset(); }

private:
    void on_connected(io::stream& fresh) noexcept override {
        stream_ = &fresh;
        fresh.attach(*this);
        say(hello_);
    }
    void on_connect_failed(error) noexcept override { is_over_ = true; }

    void on_data(bytes lent) noexcept override {
        in_.insert(in_.end(), lent.begin(), lent.end());
        std::size_t at = 0;
        while (true) {
            const auto step = mqtt::decode(bytes_view(in_).subspan(at), version_, {});
            expects(!std::holds_alternative<mqtt::reason>(step), "the broker speaks MQTT");
            const auto* whole = std::get_if<mqtt::framed>(&step);
            if (!whole) break;
            at += whole->size;
            on_packet(whole->what);
        }
        in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void on_written(std::size_t n) noexcept override {
        is_writing_ = false;
        drop(n);
        flush();
    }
    void on_closed(error) noexcept override {
        stream_ = nullptr;
        is_over_ = true;
    }

    /// What is borrowed by a write does not move.
    void flush() {
        while (stream_ && !is_writing_ && (!now_.empty() || !next_.empty())) {
            if (now_.empty()) now_.swap(next_);
            const bytes_view piece = bytes_view(now_).subspan(gone_);
            const std::size_t n = stream_->write({&piece, 1});
            is_writing_ = n < piece.size();
            drop(n);
        }
    }
    void drop(std::size_t n) {
        gone_ += n;
        if (gone_ < now_.size()) return;
        now_.clear();
        gone_ = 0;
    }

    void on_packet(const mqtt::packet& what) {
        if (const auto* first = std::get_if<mqtt::connack>(&what)) {
            welcome_ = first->code;
            has_session_ = first->session_present;
            assigned_name_ =
                first->props.text(mqtt::property_id::assigned_client_identifier).value_or("");
        } else if (const auto* message = std::get_if<mqtt::publish>(&what)) {
            if (message->level == mqtt::qos::at_least_once) say(mqtt::puback{.id = message->id});
            hear_(*message);
        } else if (const auto* subscribed = std::get_if<mqtt::suback>(&what)) {
            answer_ = static_cast<mqtt::reason>(subscribed->codes[0]);
        } else if (std::holds_alternative<mqtt::unsuback>(what)) {
            answer_ = mqtt::reason::success;
        } else if (const auto* taken = std::get_if<mqtt::puback>(&what)) {
            answer_ = taken->code;
        }
    }

    mqtt::connect hello_;
    mqtt::version version_;
    hearing hear_;
    std::unique_ptr<io::attempt> attempt_;
    io::stream* stream_ = nullptr;
    std::vector<byte> in_, now_, next_;
    std::size_t gone_ = 0;  // of now_
    bool is_writing_ = false, is_over_ = false, has_session_ = false;
    std::optional<mqtt::reason> welcome_, answer_;
    std::string assigned_name_;
};

}  // namespace nightjar::broker
