#pragma once
// QoS 1 and 2 as either end of a connection settles them: the acknowledgements are the same both
// ways. [MQTT-5 4.3]

#include <nightjar/mqtt/encode.hpp>
#include <nightjar/mqtt/window.hpp>

namespace nightjar::mqtt {

/// What an acknowledgement did. `no_room`: its answer does not fit the output, nothing changed.
enum class settled : std::uint8_t { nothing, completed, released, no_room };

struct settlement {
    settled what = settled::nothing;
    token message = 0;  ///< With `released`.
};

/// `of`: null where nothing was ever in flight.
settlement settle(const puback& p, flows* of) noexcept;
/// Answers a PUBREC that is no failure by PUBREL, even where it is not known: else the peer would
/// wait for ever. [MQTT-5 4.3.3-4, 3.6.2.1]
settlement settle(const pubrec& p, flows* of, version v, output& out) noexcept;
settlement settle(const pubcomp& p, flows* of) noexcept;
/// Answers by PUBCOMP. false: no room for it. In a resumed session an unknown PUBREL is one whose
/// PUBCOMP was lost, which is no error; clients (MQTT.js) take 0x92 for one. [MQTT-5 3.7.2.1, 4.4]
bool settle(const pubrel& p, flows* of, receive_quota& used, bool is_resumed, version v,
            output& out) noexcept;

/// `what` as PUBACK or PUBREC, as `level` asks. false: no room for it.
bool write_acknowledgement(const puback& what, qos level, version v, output& out) noexcept;

/// Makes what came of `p` an event of the session's; false: nothing to tell.
template <class Session, class Packet>
bool tell(const settlement& came, const Packet& p, typename Session::event& e) noexcept {
    switch (came.what) {
        case settled::released:
            e = typename Session::released{came.message, p.code, p.props};
            return true;
        case settled::completed: e = typename Session::completed{}; return true;
        case settled::nothing:
        case settled::no_room: break;
    }
    return false;
}

}  // namespace nightjar::mqtt
