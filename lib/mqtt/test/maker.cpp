#include "maker.hpp"

namespace nightjar::mqtt {
namespace {

using enum property_id;

/// What table 2-4 of the standard allows.
std::vector<property_id> allowed(property_place place) {
    switch (place) {
        case property_place::connect:
            return {session_expiry_interval,      receive_maximum,
                    maximum_packet_size,          topic_alias_maximum,
                    request_response_information, request_problem_information};
        case property_place::will:
            return {will_delay_interval, payload_format_indicator, message_expiry_interval,
                    content_type,        response_topic,           correlation_data};
        case property_place::connack:
            return {session_expiry_interval,
                    receive_maximum,
                    maximum_qos,
                    retain_available,
                    maximum_packet_size,
                    assigned_client_identifier,
                    topic_alias_maximum,
                    reason_string,
                    wildcard_subscription_available,
                    subscription_identifier_available,
                    shared_subscription_available,
                    server_keep_alive,
                    response_information,
                    server_reference};
        case property_place::publish:
            return {payload_format_indicator, message_expiry_interval, topic_alias, response_topic,
                    correlation_data,         subscription_identifier, content_type};
        case property_place::subscribe: return {subscription_identifier};
        case property_place::unsubscribe: return {};
        case property_place::disconnect:
            return {session_expiry_interval, reason_string, server_reference};
        default: return {reason_string};
    }
}

std::string codes(std::initializer_list<int> all) {
    std::string text;
    for (const int each : all) text += static_cast<char>(each);
    return text;
}

}  // namespace

std::string maker::letters(unsigned most) {
    static constexpr std::string_view set[] = {"a",
                                               "Z",
                                               "7",
                                               " ",
                                               "$",
                                               "\x01",
                                               "\x7F",
                                               "\xC3\xA9",
                                               "\xE6\xB8\xA9",
                                               "\xEF\xBB\xBF",
                                               "\xF0\x9F\x8C\x99"};
    std::string made;
    for (unsigned n = below(most); n > 0; --n) made += set[below(std::size(set))];
    return made;
}

std::string maker::raw_bytes() {
    std::string made(below(4) == 0 ? below(300) : below(12), '\0');
    for (char& each : made) each = static_cast<char>(below(256));
    return made;
}

std::string_view maker::name() {
    std::string made = letters(6);
    for (unsigned n = below(4); n > 0; --n) made += "/" + letters(5);
    return keep(made.empty() ? "n" : made);
}

std::string_view maker::filter() {
    std::string made = below(4) == 0 ? "$share/g" + letters(4) + "/" : "";
    made += flip() ? "+" : "f" + letters(5);
    for (unsigned n = below(4); n > 0; --n) made += flip() ? "/+" : "/" + letters(5);
    if (flip()) made += "/#";
    return keep(made);
}

void maker::put_one(property_writer& out, property_id id) {
    switch (kind_of(id)) {
        case property_kind::u8: out.add(id, below(2)); break;
        case property_kind::u16: out.add(id, 1 + below(65535)); break;
        case property_kind::u32: out.add(id, 1 + below(1u << 31)); break;
        case property_kind::var_int:
            out.add(id, 1 + below(1u << (7 * (1 + below(4))) >> flip()));
            break;
        case property_kind::text: out.add(id, id == response_topic ? name() : text()); break;
        case property_kind::binary: out.add(id, binary()); break;
        case property_kind::text_pair: out.add(text(), text()); break;
        case property_kind::none: break;
    }
}

properties maker::list(version v, property_place place) {
    if (v != version::v5) return {};
    property_writer out{room(4096)};
    for (const property_id id : allowed(place))
        if (below(3) == 0) put_one(out, id);
    if (place == property_place::publish && flip()) put_one(out, subscription_identifier);
    const bool may_authenticate =
        place == property_place::connect || place == property_place::connack;
    if (place == property_place::auth || (may_authenticate && flip())) {
        put_one(out, authentication_method);
        if (flip()) put_one(out, authentication_data);
    }
    for (unsigned n = below(3); n > 0; --n) put_one(out, user_property);
    return out.made();
}

connect maker::a_connect(version v) {
    connect p{.version = v,
              .is_bridge = v != version::v5 && flip(),
              .clean_start = flip(),
              .keep_alive_s = static_cast<std::uint16_t>(below(65536)),
              .client_id = text(),
              .props = list(v, property_place::connect)};
    if (flip()) p.user_name = text();
    if ((v == version::v5 || p.user_name) && flip()) p.password = binary();
    if (flip())
        p.last_will = will{.topic = name(),
                           .payload = binary(),
                           .level = level(),
                           .retain = flip(),
                           .props = list(v, property_place::will)};
    return p;
}

connack maker::a_connack(version v) {
    const std::string all = v == version::v5 ? codes({0, 0x80, 0x81, 0x84, 0x87, 0x8C, 0x9F})
                                             : codes({0, 0x84, 0x85, 0x86, 0x87, 0x88});
    const reason code = one_of(all);
    return {.session_present = v != version::v3_1 && code == reason::success && flip(),
            .code = code,
            .props = list(v, property_place::connack)};
}

publish maker::a_publish(version v) {
    publish p{.topic = name(),
              .payload = binary(),
              .props = list(v, property_place::publish),
              .retain = flip()};
    p.level = level();
    if (p.level != qos::at_most_once) p.id = id(), p.dup = flip();
    if (p.props.number(topic_alias) && flip()) p.topic = {};
    return p;
}

template <class Ack>
Ack maker::an_ack(version v, std::string_view all) {
    Ack p{.id = id()};
    if (v == version::v5) p.code = one_of(all), p.props = list(v, property_place::puback);
    return p;
}

template <class Answer>
Answer maker::an_answer(version v, property_place place, std::string_view all) {
    Answer p{.id = id(), .props = list(v, place)};
    const bytes made = room(1 + below(5));
    for (byte& each : made) each = static_cast<byte>(one_of(all));
    p.codes = made;
    return p;
}

subscribe maker::a_subscribe(version v) {
    writer out{room(1024)};
    for (unsigned n = 1 + below(3); n > 0; --n) {
        subscription one{.filter = filter(), .maximum = level()};
        if (v == version::v5) {
            one.no_local = !one.filter.starts_with("$share/") && flip();
            one.retain_as_published = flip();
            one.retained = static_cast<retain_handling>(below(3));
        }
        subscription_list::put(out, one);
    }
    return {.id = id(),
            .filters = subscription_list{out.written()},
            .props = list(v, property_place::subscribe)};
}

unsubscribe maker::an_unsubscribe(version v) {
    writer out{room(1024)};
    for (unsigned n = 1 + below(3); n > 0; --n) filter_list::put(out, filter());
    return {.id = id(),
            .filters = filter_list{out.written()},
            .props = list(v, property_place::unsubscribe)};
}

disconnect maker::a_disconnect(version v) {
    if (v != version::v5) return {};
    return {.code = one_of(codes({0, 4, 0x80, 0x8B, 0x8E, 0xA2})),
            .props = list(v, property_place::disconnect)};
}

auth maker::an_auth() {
    return {.code = one_of(codes({0, 0x18, 0x19})),
            .props = list(version::v5, property_place::auth)};
}

packet maker::any(version v) {
    const bool is_5 = v == version::v5;
    const std::string granted = is_5 ? codes({0, 1, 2, 0x80, 0x87, 0xA2}) : codes({0, 1, 2, 0x80});
    switch (below(is_5 ? 15 : 14)) {
        case 0: return a_connect(v);
        case 1: return a_connack(v);
        case 2: return an_ack<puback>(v, codes({0, 0x10, 0x80, 0x97}));
        case 3: return an_ack<pubrec>(v, codes({0, 0x10, 0x80, 0x97}));
        case 4: return an_ack<pubrel>(v, codes({0, 0x92}));
        case 5: return an_ack<pubcomp>(v, codes({0, 0x92}));
        case 6: return a_subscribe(v);
        case 7: return an_answer<suback>(v, property_place::suback, granted);
        case 8: return an_unsubscribe(v);
        case 9: {
            auto p = an_answer<unsuback>(v, property_place::unsuback, codes({0, 0x11, 0x80, 0x87}));
            if (!is_5) p.codes = {};
            return p;
        }
        case 10: return pingreq{};
        case 11: return pingresp{};
        case 12: return a_disconnect(v);
        case 14: return an_auth();
        default: return a_publish(v);
    }
}

}  // namespace nightjar::mqtt
