#include "peer.hpp"

#include <fmt/format.h>

#include <nightjar/mqtt/encode.hpp>

#include <array>
#include <cstring>
#include <utility>

namespace nightjar::app::benchmark {
namespace {

std::string explain(error why) {
    return std::string(why.os == 0 ? describe(why.what) : std::strerror(why.os));
}

}  // namespace

void peer::open(const io::endpoint& from) {
    auto made = world_.loop.engine().connect({.to = world_.how.broker, .from = from}, *this);
    if (!made) return on_connect_failed(made.error());
    attempt_ = std::move(*made);
}

void peer::close() noexcept {
    attempt_.reset();
    if (stream_) stream_->close();
}

void peer::leave() noexcept {
    const byte disconnect[] = {0xe0, 0};
    append(disconnect);
    is_leaving_ = true;
    mark();
}

void peer::on_connected(io::stream& fresh) noexcept {
    stream_ = &fresh;
    stream_->attach(*this);
    introduce();
}

void peer::on_connect_failed(error why) noexcept {
    world_.fail(fmt::format("cannot connect to {}: {}", world_.how.broker.text(), explain(why)));
}

void peer::introduce() noexcept {
    std::array<byte, 256> room;
    fixed_output out(room);
    const mqtt::connect hello{.version = world_.how.version, .client_id = client_id_};
    if (!mqtt::encode(hello, out)) return complain("has too long a name");
    append(out.written());
    mark();
}

void peer::on_data(bytes lent) noexcept {
    ++world_.received;
    cut_.feed(lent, [this](bytes_view& in) { return on_packets(in); });
}

std::size_t peer::on_packets(bytes_view& in) noexcept {
    return each_packet(in, [this](const mqtt::frame& one) { on_other(one); });
}

void peer::on_other(const mqtt::frame& what) noexcept {
    switch (what.type) {
        case mqtt::packet_type::connack: return on_connack(what);
        case mqtt::packet_type::suback: {
            mqtt::suback answer;
            if (mqtt::read(what, world_.how.version, {}, answer))
                return complain("got a bad SUBACK");
            return on_suback(answer);
        }
        case mqtt::packet_type::disconnect: {
            mqtt::disconnect answer;
            if (mqtt::read(what, world_.how.version, {}, answer))
                return complain("got a bad DISCONNECT");
            return complain(
                fmt::format("was disconnected by the broker: {}", describe(answer.code)));
        }
        default: return complain(fmt::format("did not expect a {}", describe(what.type)));
    }
}

void peer::on_connack(const mqtt::frame& what) noexcept {
    mqtt::connack answer;
    if (mqtt::read(what, world_.how.version, {}, answer)) return complain("got a bad CONNACK");
    if (is_failure(answer.code)) {
        return complain(fmt::format("was refused by the broker: {}", describe(answer.code)));
    }
    attempt_.reset();
    on_accepted(answer);
}

void peer::on_suback(const mqtt::suback&) noexcept { complain("did not expect a SUBACK"); }

void peer::be_ready() noexcept { ++world_.ready; }

void peer::complain(std::string_view what) noexcept {
    world_.fail(fmt::format("client {} {}", client_id_, what));
}

void peer::flush() noexcept {
    if (!stream_ || !flying_.empty()) return;
    refill();
    if (pending_.empty()) return;
    flying_.swap(pending_);
    flown_ = 0;
    write_flying();
}

void peer::write_flying() noexcept {
    const bytes_view rest = bytes_view(flying_).subspan(flown_);
    flown_ += stream_->write({&rest, 1});
    if (flown_ == flying_.size()) flying_.clear();
}

void peer::on_written(std::size_t n) noexcept {
    flown_ += n;
    if (flown_ < flying_.size()) return write_flying();
    flying_.clear();
    mark();
}

void peer::on_closed(error why) noexcept {
    stream_ = nullptr;
    if (std::exchange(is_leaving_, false) && !world_.is_over) {
        cut_.clear();
        pending_.clear();
        flying_.clear();
        ++world_.received;  // an end is a sign of life as well
        return on_left();
    }
    if (!world_.is_over) complain(fmt::format("lost its connection: {}", explain(why)));
}

}  // namespace nightjar::app::benchmark
