#include <nightjar/mqtt/properties.hpp>
#include <nightjar/mqtt/topic.hpp>

#include "property_table.hpp"
#include "property_value.hpp"
#include "topic_check.hpp"

namespace nightjar::mqtt {
namespace {

using refusal = std::optional<reason>;

/// Goes through one list and remembers what it saw.
class check {
public:
    check(property_place place, const limits& max) noexcept : place_(place), max_(max) {}

    refusal list(bytes_view raw) noexcept {
        for (reader in{raw}; in.left() > 0;) {
            const property it = take_property(in, raw);
            if (!in.ok()) return reason::malformed_packet;
            if (const refusal why = one(it)) return why;
        }
        return whole();
    }

private:
    refusal one(const property& it) noexcept {
        if (!(allowed_at(place_) & bit(it.id))) return reason::malformed_packet;
        if (it.id == property_id::user_property) return user(it);
        if ((seen_ & bit(it.id)) && !may_repeat(it.id)) return reason::protocol_error;
        seen_ |= bit(it.id);
        if (it.id == property_id::response_topic) return refuse_topic_name(it.text, max_);
        if (kind_of(it.id) == property_kind::text && !is_utf8(it.text))
            return reason::malformed_packet;
        return refuse_number(it.id, it.number);
    }

    refusal user(const property& it) noexcept {
        if (!is_utf8(it.text) || !is_utf8(it.second)) return reason::malformed_packet;
        if (++users_ > max_.user_properties_max) return reason::quota_exceeded;
        return {};
    }

    /// A server forwards the identifiers of all subscriptions that match. [MQTT-5 3.3.2.3.8]
    bool may_repeat(property_id id) const noexcept {
        return id == property_id::subscription_identifier && place_ == property_place::publish;
    }

    refusal whole() const noexcept {
        const bool method = seen_ & bit(property_id::authentication_method);
        const bool data = seen_ & bit(property_id::authentication_data);
        // [MQTT-5 3.1.2.11.10, 3.15.2.2.2]
        if (place_ == property_place::connect && data && !method) return reason::protocol_error;
        if (place_ == property_place::auth && !method) return reason::protocol_error;
        return {};
    }

    const property_place place_;
    const limits& max_;
    property_set seen_ = 0;
    std::uint32_t users_ = 0;
};

}  // namespace

std::optional<reason> read_properties(bytes_view& in, property_place place, const limits& max,
                                      properties& target) noexcept {
    reader from{in};
    const bytes_view raw = from.take(take_var_int(from));
    if (!from.ok()) return reason::malformed_packet;
    if (const refusal why = check{place, max}.list(raw)) return why;
    target = properties{raw};
    in = from.rest();
    return {};
}

}  // namespace nightjar::mqtt
