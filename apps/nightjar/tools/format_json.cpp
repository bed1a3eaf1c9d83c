// %j and %J.
#include <fmt/format.h>

#include "format.hpp"
#include "json_text.hpp"

namespace nightjar::app {
namespace {

using mqtt::property;
using mqtt::property_id;
using mqtt::property_kind;

void put_user_properties(const mqtt::properties& props, json_writer& out) {
    out.name("user-properties");
    out.open_object();
    for (const property& one : props) {
        if (one.id != property_id::user_property) continue;
        out.name(one.text);
        out.text(one.second);
    }
    out.close_object();
}

void put_properties(const mqtt::properties& props, json_writer& out) {
    bool has_user_properties = false;
    out.name("properties");
    out.open_object();
    for (const property& one : props) {
        if (one.id == property_id::user_property) {
            if (!has_user_properties) put_user_properties(props, out);
            has_user_properties = true;
            continue;
        }
        out.name(mqtt::name_of(one.id));
        const property_kind kind = mqtt::kind_of(one.id);
        if (kind == property_kind::text || kind == property_kind::binary)
            out.text(one.text);
        else
            out.number(one.number);
    }
    out.close_object();
}

}  // namespace

bool output_format::put_json(const field& how, const mqtt::publish& what, timespec when,
                             bool is_pretty, std::string& target) {
    std::string made;
    json_writer out(made, is_pretty);
    out.open_object();
    out.name("tst");
    out.text(fmt::format("{}.{:06}{}", time_text(when, "%Y-%m-%dT%H:%M:%S"), when.tv_nsec / 1000,
                         time_text(when, "%z")));
    out.name("topic");
    out.text(what.topic);
    out.name("qos");
    out.number(static_cast<std::uint32_t>(what.level));
    out.name("retain");
    out.number(std::uint32_t{what.retain});
    out.name("payloadlen");
    out.number(static_cast<std::uint32_t>(what.payload.size()));
    if (what.level != mqtt::qos::at_most_once) {
        out.name("mid");
        out.number(std::uint32_t{what.id});
    }
    if (!what.props.empty()) put_properties(what.props, out);
    out.name("payload");
    bool is_sound = true;
    if (what.payload.empty())
        out.word("null");
    else if (how.what == 'j')
        out.text(as_text(what.payload));
    else
        is_sound = copy_json(as_text(what.payload), out);
    out.close_object();
    if (is_sound) target += made;
    return is_sound;
}

}  // namespace nightjar::app
