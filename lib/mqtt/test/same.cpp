#include "same.hpp"

namespace nightjar::mqtt {
namespace {

bool same(bytes_view a, bytes_view b) { return equal(a, b); }
bool same(const properties& a, const properties& b) { return equal(a.raw(), b.raw()); }

bool same(const will& a, const will& b) {
    return a.topic == b.topic && equal(a.payload, b.payload) && a.level == b.level &&
           a.retain == b.retain && same(a.props, b.props);
}

template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

bool same(const connect& a, const connect& b) {
    return a.version == b.version && a.is_bridge == b.is_bridge && a.clean_start == b.clean_start &&
           a.keep_alive_s == b.keep_alive_s && a.client_id == b.client_id &&
           a.user_name == b.user_name && same(a.password, b.password) &&
           same(a.last_will, b.last_will) && same(a.props, b.props);
}

bool same(const connack& a, const connack& b) {
    return a.session_present == b.session_present && a.code == b.code && same(a.props, b.props);
}

bool same(const publish& a, const publish& b) {
    return a.topic == b.topic && equal(a.payload, b.payload) && a.id == b.id &&
           a.level == b.level && a.retain == b.retain && a.dup == b.dup && same(a.props, b.props);
}

template <packet_type Type>
bool same(const ack<Type>& a, const ack<Type>& b) {
    return a.id == b.id && a.code == b.code && same(a.props, b.props);
}

template <class Request>
bool same_request(const Request& a, const Request& b) {
    return a.id == b.id && equal(a.filters.raw(), b.filters.raw()) && same(a.props, b.props);
}
bool same(const subscribe& a, const subscribe& b) { return same_request(a, b); }
bool same(const unsubscribe& a, const unsubscribe& b) { return same_request(a, b); }

template <class Answer>
bool same_answer(const Answer& a, const Answer& b) {
    return a.id == b.id && equal(a.codes, b.codes) && same(a.props, b.props);
}
bool same(const suback& a, const suback& b) { return same_answer(a, b); }
bool same(const unsuback& a, const unsuback& b) { return same_answer(a, b); }

bool same(const disconnect& a, const disconnect& b) {
    return a.code == b.code && same(a.props, b.props);
}
bool same(const auth& a, const auth& b) { return a.code == b.code && same(a.props, b.props); }
bool same(pingreq, pingreq) { return true; }
bool same(pingresp, pingresp) { return true; }

}  // namespace

bool same(const packet& a, const packet& b) {
    if (a.index() != b.index()) return false;
    return std::visit(
        [&](const auto& left) { return same(left, std::get<std::decay_t<decltype(left)>>(b)); }, a);
}

}  // namespace nightjar::mqtt
