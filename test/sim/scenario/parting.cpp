#include "scenario/parting.hpp"

#include <algorithm>

namespace nightjar::sim {

parting parting::draw(prng& from, mqtt::version v) {
    parting made;
    const bool is_v5 = v == mqtt::version::v5;
    made.how = static_cast<manner>(from.uniform(is_v5 ? 3 : 2));
    if (!is_v5 && made.how == manner::with_will) made.how = manner::rude;
    made.has_will = from.chance(0.8);
    const bool is_kept = from.chance(0.7);
    const bool is_for_ever = !is_v5 || from.chance(0.4);
    const auto drawn_s = static_cast<std::uint32_t>(1 + from.uniform(9));
    const auto delay_s = static_cast<std::uint32_t>(from.uniform(10));
    if (is_kept) made.expiry_s = is_for_ever ? expiry_never : drawn_s;
    if (is_v5 && from.chance(0.7)) made.delay_s = delay_s;
    const duration after = 500ms + 1s * from.uniform(12);
    if (from.chance(0.7)) made.returns = after;
    made.returns_clean = from.chance(0.3);
    return made;
}

std::optional<duration> parting::will_due() const noexcept {
    if (!has_will || how == manner::in_order) return std::nullopt;
    const duration waits = 1s * std::min(delay_s, expiry_s);
    if (!returns || *returns > waits) return waits;
    // A new connection to the session spares it; the session's end does not.
    return returns_clean ? returns : std::nullopt;
}

bool parting::session_waits() const noexcept {
    if (!returns || returns_clean) return false;
    return expiry_s == expiry_never || *returns < 1s * expiry_s;
}

}  // namespace nightjar::sim
