#include "format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nightjar::app {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "%ACDEFIJjlmPpqRrStUXx";

std::optional<char> escaped(char c) noexcept {
    switch (c) {
        case '\\': return '\\';
        case '0': return '\0';
        case 'a': return '\a';
        case 'e': return '\033';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        case 'v': return '\v';
        default: return std::nullopt;
    }
}

}  // namespace

/// Cuts the format into fields.
class output_format::reader {
public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    /// Empty: all is well.
    std::string run(std::vector<field>& target) {
        while (!rest_.empty() && trouble_.empty()) {
            const char c = take();
            if (c == '%')
                parameter(target);
            else if (c == '@')
                time(target);
            else if (c == '\\')
                escape(target);
            else
                literal(target, c);
        }
        return trouble_;
    }

private:
    char take() noexcept {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    bool eat(char c) noexcept {
        if (!rest_.starts_with(c)) return false;
        take();
        return true;
    }

    static void literal(std::vector<field>& target, char c) {
        if (target.empty() || target.back().what != 0) target.emplace_back();
        target.back().text += c;
    }

    std::size_t number() noexcept {
        std::size_t value = 0;
        while (!rest_.empty() && digits.find(rest_.front()) != digits.npos)
            value =
                std::min<std::size_t>(value * 10 + static_cast<std::size_t>(take() - '0'), 100'000);
        return value;
    }

    void parameter(std::vector<field>& target) {
        field one;
        one.is_left = eat('-');
        one.is_zero = eat('0');
        one.width = number();
        if (rest_.starts_with('.')) {
            take();
            one.text_max = number();
        }
        if (rest_.empty()) {
            trouble_ = "Incomplete format specifier.";
            return;
        }
        one.what = take();
        if (letters.find(one.what) == letters.npos)
            trouble_ = fmt::format("Invalid format specifier '{}'.", one.what);
        else if (one.what == '%')
            literal(target, '%');
        else
            target.push_back(std::move(one));
    }

    void time(std::vector<field>& target) {
        if (rest_.empty()) {
            trouble_ = "Incomplete format specifier.";
            return;
        }
        field one;
        one.what = take();
        one.is_time = true;
        if (one.what == '@') return literal(target, '@');
        target.push_back(std::move(one));
    }

    void escape(std::vector<field>& target) {
        if (rest_.empty()) {
            trouble_ = "Incomplete escape specifier.";
            return;
        }
        const char c = take();
        if (const auto meant = escaped(c))
            literal(target, *meant);
        else
            trouble_ = fmt::format("Invalid escape specifier '{}'.", c);
    }

    std::string_view rest_;
    std::string trouble_;
};

tl::expected<output_format, std::string> output_format::compile(std::string_view text) {
    output_format made;
    if (std::string trouble = reader(text).run(made.fields_); !trouble.empty())
        return tl::unexpected(std::move(trouble));
    return made;
}

bool output_format::print(const mqtt::publish& what, timespec when, bool is_pretty,
                          std::string& target) const {
    bool is_whole = true;
    for (const field& one : fields_) is_whole &= put(one, what, when, is_pretty, target);
    return is_whole;
}

bool output_format::put(const field& how, const mqtt::publish& what, timespec when, bool is_pretty,
                        std::string& target) {
    if (how.is_time) return put_time(how, when, target), true;
    switch (how.what) {
        case 0: target += how.text; break;
        case 't': put_text(how, what.topic, target); break;
        case 'I': put_text(how, time_text(when, "%Y-%m-%dT%H:%M:%S%z"), target); break;
        case 'U': target += fmt::format("{}.{:09}", when.tv_sec, when.tv_nsec); break;
        case 'l': put_number(how, static_cast<std::uint32_t>(what.payload.size()), target); break;
        case 'm': put_number(how, what.id, target); break;
        case 'q': target += static_cast<char>('0' + static_cast<int>(what.level)); break;
        case 'r': target += what.retain ? '1' : '0'; break;
        case 'p':
        case 'x':
        case 'X': put_payload(how, what.payload, target); break;
        case 'j':
        case 'J': return put_json(how, what, when, is_pretty, target);
        default: put_property(how, what.props, target);
    }
    return true;
}

void output_format::put_property(const field& how, const mqtt::properties& props,
                                 std::string& target) {
    using mqtt::property_id;
    const auto text = [&](property_id id) { return props.text(id).value_or(""); };
    switch (how.what) {
        case 'A': put_number(how, props.number(property_id::topic_alias), target); break;
        case 'E':
            put_number(how, props.number(property_id::message_expiry_interval), target);
            break;
        case 'F':
            put_number(how, props.number(property_id::payload_format_indicator), target);
            break;
        case 'S':
            put_number(how, props.number(property_id::subscription_identifier), target);
            break;
        case 'C': put_text(how, text(property_id::content_type), target); break;
        case 'R':  // the only text that has no width where it is not there
            if (props.text(property_id::response_topic))
                put_text(how, text(property_id::response_topic), target);
            break;
        case 'D': target += text(property_id::correlation_data); break;
        default: {  // P
            std::string_view between;
            for (const mqtt::property& one : props) {
                if (one.id != property_id::user_property) continue;
                target += fmt::format("{}{}:{}", between, one.text, one.second);
                between = " ";
            }
        }
    }
}

/// Widths count bytes, as printf's do.
void output_format::put_text(const field& how, std::string_view text, std::string& target) {
    text = text.substr(0, how.text_max);
    const std::string gap(how.width > text.size() ? how.width - text.size() : 0, ' ');
    if (!how.is_left) target += gap;
    target += text;
    if (how.is_left) target += gap;
}

void output_format::put_number(const field& how, std::optional<std::uint32_t> value,
                               std::string& target) {
    const std::string text = value ? std::to_string(*value) : "";
    const std::size_t gap = how.width > text.size() ? how.width - text.size() : 0;
    // What is not there has no side to be on, so that the zeros win over the '-'.
    const bool is_left = how.is_left && value;
    if (!is_left) target.append(gap, how.is_zero ? '0' : ' ');
    target += text;
    if (is_left) target.append(gap, ' ');
}

/// A width is also the most that is printed of a payload.
void output_format::put_payload(const field& how, bytes_view payload, std::string& target) {
    const bool is_hex = how.what != 'p';
    const std::size_t each = is_hex ? 2 : 1;
    const std::size_t count =
        how.width == 0 ? payload.size() : std::min(payload.size(), how.width / each);
    const std::size_t gap = how.width > count * each ? how.width - count * each : 0;
    if (!how.is_left) target.append(gap, how.is_zero ? '0' : ' ');
    const char* const alphabet = how.what == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    for (const byte one : payload.first(count)) {
        if (!is_hex) {
            target += static_cast<char>(one);
            continue;
        }
        target += alphabet[one >> 4];
        target += alphabet[one & 15];
    }
    if (how.is_left) target.append(gap, ' ');
}

void output_format::put_time(const field& how, timespec when, std::string& target) {
    if (how.what == 'N') {
        target += fmt::format("{:09}", when.tv_nsec);
        return;
    }
    const char format[] = {'%', how.what, 0};
    target += time_text(when, format);
}

std::string time_text(timespec when, const char* format) {
    tm local{};
    ::localtime_r(&when.tv_sec, &local);
    char room[256];
    return {room, std::strftime(room, sizeof room, format, &local)};
}

}  // namespace nightjar::app
