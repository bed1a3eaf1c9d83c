#include "acknowledgements.hpp"

#include <nightjar/base/expects.hpp>

namespace nightjar::mqtt {
namespace {

constexpr std::size_t pubrel_size_max = 5;  // with a code, without properties

/// In 5.0 the answer to something unknown says so; 3.x has no way to.
reason answer_to(bool is_known, version v) noexcept {
    return is_known || v != version::v5 ? reason::success : reason::packet_identifier_not_found;
}

/// A message without a token is of no interest to the owner, but its room is.
settlement ended(const send_window::outcome& did) noexcept {
    if (did.message != 0) return {settled::released, did.message};
    return {did.is_known ? settled::completed : settled::nothing};
}

}  // namespace

settlement settle(const puback& p, flows* of) noexcept {
    return of != nullptr ? ended(of->sending.on_puback(p.id)) : settlement{};
}

settlement settle(const pubrec& p, flows* of, version v, output& out) noexcept {
    const bool failed = is_failure(p.code);
    // Room first: what the window lets go must reach the owner.
    if (!failed && out.reserve(pubrel_size_max).empty()) return {settled::no_room};
    const auto did = of != nullptr ? of->sending.on_pubrec(p.id, failed) : send_window::outcome{};
    if (failed) return ended(did);
    encode(pubrel{.id = p.id, .code = answer_to(did.is_known, v), .props = {}}, v, out);
    return did.message != 0 ? settlement{settled::released, did.message} : settlement{};
}

settlement settle(const pubcomp& p, flows* of) noexcept {
    const bool is_known = of != nullptr && of->sending.on_pubcomp(p.id).is_known;
    return {is_known ? settled::completed : settled::nothing};
}

bool settle(const pubrel& p, flows* of, receive_quota& used, bool is_resumed, version v,
            output& out) noexcept {
    const bool held = of != nullptr && of->receiving.release(p.id);
    if (held) used.released();
    return encode(pubcomp{.id = p.id, .code = answer_to(held || is_resumed, v), .props = {}}, v,
                  out);
}

bool write_acknowledgement(const puback& what, qos level, version v, output& out) noexcept {
    expects(level != qos::at_most_once, "QoS 0 is not acknowledged");
    return level == qos::exactly_once ? encode(pubrec{what.id, what.code, what.props}, v, out)
                                      : encode(what, v, out);
}

}  // namespace nightjar::mqtt
