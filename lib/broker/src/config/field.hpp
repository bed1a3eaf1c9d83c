#pragma once
// Rows of the table from member pointers: `number<&broker_config::max_keepalive>("max_keepalive",
// 0, 65535, "…")`. The member's class says the scope, its type what is stored; there is no other
// place where a name meets a field.

#include <chrono>
#include <type_traits>
#include <utility>

#include "draft.hpp"

namespace nightjar::broker::config {

std::optional<bool> flag_of(std::string_view text) noexcept;
std::optional<std::int64_t> number_of(const value_type& type, std::string_view text) noexcept;
std::optional<std::int64_t> seconds_of(const value_type& type, std::string_view text) noexcept;
std::string show_seconds(std::chrono::seconds value);
std::string show_integer(std::int64_t value);

/// `expected …, found "…"`.
complaint wrong(const option& self, std::string_view found);

/// The member's class and type.
template <class>
struct member_traits;
template <class Class, class Value>
struct member_traits<Value Class::*> {
    using owner = Class;
    using value = Value;
};
template <auto member>
using owner_of = typename member_traits<decltype(member)>::owner;
template <auto member>
using value_of = typename member_traits<decltype(member)>::value;

inline broker_config& owner_in(draft& d, const broker_config*) { return d.value; }
inline log_config& owner_in(draft& d, const log_config*) { return d.value.log; }
inline listener_config& owner_in(draft& d, const listener_config*) { return d.listener().value; }
inline security_config& owner_in(draft& d, const security_config*) {
    return d.per_listener ? d.listener().value.security : d.security;
}
inline const broker_config& owner_in(const view& v, const broker_config*) { return v.broker; }
inline const log_config& owner_in(const view& v, const log_config*) { return v.broker.log; }
inline const listener_config& owner_in(const view& v, const listener_config*) { return v.listener; }
inline const security_config& owner_in(const view& v, const security_config*) {
    return v.listener.security;
}

/// The field in what is being read, or in what is being shown.
template <auto member>
auto& slot(draft& d) {
    return owner_in(d, static_cast<const owner_of<member>*>(nullptr)).*member;
}
template <auto member>
const auto& slot(const view& v) {
    return owner_in(v, static_cast<const owner_of<member>*>(nullptr)).*member;
}

template <auto member>
constexpr scope scope_of() {
    if (std::is_same_v<owner_of<member>, listener_config>) return scope::listener;
    if (std::is_same_v<owner_of<member>, security_config>) return scope::security;
    return scope::global;
}

template <auto member>
constexpr option row(std::string_view name, value_type type, std::string_view help) {
    option made;
    made.name = name;
    made.where = scope_of<member>();
    made.type = type;
    made.help = help;
    return made;
}

template <auto member>
constexpr option flag(std::string_view name, std::string_view help) {
    option made = row<member>(name, {.is = form::flag}, help);
    made.read = [](draft& d, const option& self, std::string_view text) -> complaint {
        const auto value = flag_of(text);
        if (!value) return wrong(self, text);
        slot<member>(d) = *value;
        return {};
    };
    made.show = [](const view& v) -> std::string { return slot<member>(v) ? "true" : "false"; };
    return made;
}

/// The integer that a number's field is made of.
template <class Value>
constexpr std::int64_t as_integer(Value value) {
    if constexpr (requires { value.count(); })
        return value.count();
    else
        return static_cast<std::int64_t>(value);
}

template <auto member>
constexpr option number(std::string_view name, std::int64_t min, std::int64_t max,
                        std::string_view help) {
    using value = value_of<member>;
    option made = row<member>(name, {.is = form::number, .min = min, .max = max}, help);
    made.read = [](draft& d, const option& self, std::string_view text) -> complaint {
        const auto read = number_of(self.type, text);
        if (!read) return wrong(self, text);
        slot<member>(d) = static_cast<value>(*read);
        return {};
    };
    made.show = [](const view& v) { return show_integer(as_integer(slot<member>(v))); };
    return made;
}

/// As Mosquitto reads some numbers: what is below `min` means `min`.
template <auto member>
constexpr option lenient_number(std::string_view name, std::int64_t min, std::int64_t max,
                                std::string_view help) {
    option made = number<member>(name, min, max, help);
    made.type.less_is_min = true;
    return made;
}

/// A time with its unit behind it.
template <auto member>
constexpr option span(std::string_view name, std::int64_t min, std::int64_t max,
                      std::string_view help) {
    option made = row<member>(name, {.is = form::span, .min = min, .max = max}, help);
    made.read = [](draft& d, const option& self, std::string_view text) -> complaint {
        const auto read = seconds_of(self.type, text);
        if (!read) return wrong(self, text);
        slot<member>(d) = std::chrono::seconds(*read);
        return {};
    };
    made.show = [](const view& v) { return show_seconds(slot<member>(v)); };
    return made;
}

template <auto member>
constexpr option text(std::string_view name, std::string_view syntax, std::int64_t max,
                      std::string_view help) {
    option made = row<member>(name, {.is = form::text, .max = max, .syntax = syntax}, help);
    made.read = [](draft& d, const option& self, std::string_view found) -> complaint {
        if (found.empty() || std::cmp_greater(found.size(), self.type.max))
            return wrong(self, found);
        slot<member>(d) = found;
        return {};
    };
    made.show = [](const view& v) { return slot<member>(v); };
    return made;
}

/// The word of `words` that was written; null with a complaint if none or a refused one was.
const word* word_of(const option& self, std::string_view text, complaint& why);
std::string show_word(std::span<const word> words, std::uint8_t value);

/// A choice whose words are a constant array of static storage. The word for a value that is not in
/// `words` is not shown.
template <auto member, const auto& words>
constexpr option choice(std::string_view name, std::string_view help) {
    using value = value_of<member>;
    option made = row<member>(name, {.is = form::choice, .words = words}, help);
    made.read = [](draft& d, const option& self, std::string_view text) -> complaint {
        complaint why;
        const word* const found = word_of(self, text, why);
        if (found) slot<member>(d) = static_cast<value>(found->value);
        return why;
    };
    made.show = [](const view& v) {
        return show_word(words, static_cast<std::uint8_t>(slot<member>(v)));
    };
    return made;
}

/// What a reload cannot change. Each of these is put back by reload.cpp's keep_fixed().
constexpr option fixed(option one) {
    one.needs_restart = true;
    return one;
}

/// An option of Mosquitto's that stops the start. `instead` says what to do.
constexpr option unsupported(std::string_view name, scope where, std::string_view instead,
                             std::string_view fine = {}) {
    option made;
    made.name = name;
    made.where = where;
    made.what = status::unsupported;
    made.type = {.is = form::special};
    made.help = instead;
    made.fine = fine;
    made.repeats = true;
    return made;
}

/// An option of Mosquitto's that cannot matter here. `why` says why.
constexpr option harmless(std::string_view name, scope where, std::string_view why) {
    option made = unsupported(name, where, why);
    made.what = status::harmless;
    return made;
}

std::span<const option> listener_options();
std::span<const option> limit_options();
std::span<const option> pressure_options();
std::span<const option> log_options();
std::span<const option> general_options();
std::span<const option> other_options();
std::span<const option> guard_options();
std::span<const option> bridge_options();

}  // namespace nightjar::broker::config
