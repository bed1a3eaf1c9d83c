#include "scenario/rival.hpp"

#include <nightjar/base/expects.hpp>

#include <utility>

namespace nightjar::sim {

rival::rival(io::loop& on, const options& how, std::function<void(std::string_view)> complain)
    : how_(how), born_(on.now()), complain_(std::move(complain)) {
    auto made = on.engine().connect({.to = how_.broker, .from = {}}, *this);
    expects(made.has_value(), "an attempt begins");
    attempt_ = std::move(*made);
}

void rival::end() {
    attempt_.reset();
    if (link_) link_->end_rudely();
}

/// Never clean, and kept for ever: whatever order they are read in, the session goes on.
void rival::on_connected(io::stream& fresh) noexcept {
    attempt_.reset();
    link_.emplace(fresh, how_.version, static_cast<link_owner&>(*this));
    std::array<byte, 16> room;
    mqtt::property_writer props{room};
    if (how_.version == mqtt::version::v5)
        props.add(mqtt::property_id::session_expiry_interval, 0xFFFFFFFF);
    link_->say(mqtt::connect{.version = how_.version,
                             .clean_start = false,
                             .client_id = how_.client_id,
                             .props = props.made()});
}

void rival::on_connect_failed(error) noexcept { attempt_.reset(); }

void rival::on_packet(const mqtt::packet& what) {
    const auto* welcome = std::get_if<mqtt::connack>(&what);
    if (welcome == nullptr) return;
    if (is_failure(welcome->code)) {
        if (!how_.may_be_refused) complain_("refused a client that takes its own session over");
        return;
    }
    if (!welcome->session_present) complain_("lost a session to one who took it over");
}

void rival::on_nonsense(mqtt::reason why) { complain_(describe(why)); }

}  // namespace nightjar::sim
