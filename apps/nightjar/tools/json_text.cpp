#include "json_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace nightjar::app {

void json_writer::open_object() {
    begin_value();
    out_ += '{';
    ++depth_;
    is_first_ = true;
}

void json_writer::close_object() {
    --depth_;
    line(depth_);
    out_ += '}';
    is_first_ = false;
}

void json_writer::open_array() {
    begin_value();
    out_ += '[';
    ++depth_;
    is_first_ = true;
}

void json_writer::close_array() {
    --depth_;
    out_ += ']';
    is_first_ = false;
}

void json_writer::name(std::string_view text) {
    if (!is_first_) out_ += ',';
    line(depth_);
    quote(text);
    out_ += is_pretty_ ? ":\t" : ":";
    is_first_ = false;
    after_name_ = true;
}

void json_writer::text(std::string_view value) {
    begin_value();
    quote(value);
}

/// As short as it can be while it still reads as the same number, at 15 or 17 digits.
void json_writer::number(double value) {
    begin_value();
    if (!std::isfinite(value)) {
        out_ += "null";
        return;
    }
    char room[40];
    std::snprintf(room, sizeof room, "%1.15g", value);
    if (std::strtod(room, nullptr) != value) std::snprintf(room, sizeof room, "%1.17g", value);
    out_ += room;
}

void json_writer::number(std::uint32_t value) {
    begin_value();
    out_ += std::to_string(value);
}

void json_writer::word(std::string_view literal) {
    begin_value();
    out_ += literal;
}

void json_writer::begin_value() {
    if (!is_first_ && !after_name_) out_ += is_pretty_ ? ", " : ",";
    after_name_ = false;
    is_first_ = false;
}

void json_writer::line(std::size_t depth) {
    if (!is_pretty_) return;
    out_ += '\n';
    out_.append(depth, '\t');
}

void json_writer::quote(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
        switch (c) {
            case '"': out_ += "\\\""; break;
            case '\\': out_ += "\\\\"; break;
            case '\b': out_ += "\\b"; break;
            case '\f': out_ += "\\f"; break;
            case '\n': out_ += "\\n"; break;
            case '\r': out_ += "\\r"; break;
            case '\t': out_ += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                else
                    out_ += c;
        }
    }
    out_ += '"';
}

namespace {

/// Recursive descent, with a floor.
class json_reader {
public:
    json_reader(std::string_view source, json_writer& out) noexcept : rest_(source), out_(out) {}

    bool document() {
        if (!value(0)) return false;
        skip_space();
        return rest_.empty();
    }

private:
    static constexpr unsigned depth_max = 1000;

    bool value(unsigned depth) {
        skip_space();
        if (rest_.empty() || depth == depth_max) return false;
        switch (rest_.front()) {
            case '{': return object(depth);
            case '[': return array(depth);
            case '"': {
                std::string text;
                if (!string(text)) return false;
                return out_.text(text), true;
            }
            case 't': return word("true");
            case 'f': return word("false");
            case 'n': return word("null");
            default: return number();
        }
    }

    bool object(unsigned depth) {
        rest_.remove_prefix(1);
        out_.open_object();
        if (!eat('}')) {
            do {
                std::string text;
                skip_space();
                if (!string(text) || !eat(':')) return false;
                out_.name(text);
                if (!value(depth + 1)) return false;
            } while (eat(','));
            if (!eat('}')) return false;
        }
        out_.close_object();
        return true;
    }

    bool array(unsigned depth) {
        rest_.remove_prefix(1);
        out_.open_array();
        if (!eat(']')) {
            do {
                if (!value(depth + 1)) return false;
            } while (eat(','));
            if (!eat(']')) return false;
        }
        out_.close_array();
        return true;
    }

    bool word(std::string_view literal) {
        if (!rest_.starts_with(literal)) return false;
        rest_.remove_prefix(literal.size());
        out_.word(literal);
        return true;
    }

    bool number() {
        const std::string text(rest_.substr(0, rest_.find_first_not_of("0123456789+-.eE")));
        if (text.empty() || text.front() == '+' || text.front() == '.') return false;
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        if (end == text.c_str()) return false;
        rest_.remove_prefix(static_cast<std::size_t>(end - text.c_str()));
        out_.number(value);
        return true;
    }

    bool string(std::string& target) {
        if (!rest_.starts_with('"')) return false;
        rest_.remove_prefix(1);
        while (!rest_.empty() && rest_.front() != '"') {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c != '\\')
                target += c;
            else if (!escape(target))
                return false;
        }
        return eat_here('"');
    }

    bool escape(std::string& target) {
        if (rest_.empty()) return false;
        const char c = rest_.front();
        rest_.remove_prefix(1);
        constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
        if (const auto at = from.find(c); at != from.npos) return target += to[at], true;
        return c == 'u' && unicode(target);
    }

    bool unicode(std::string& target) {
        std::uint32_t code = 0;
        if (!hex(code)) return false;
        if (code >= 0xDC00 && code <= 0xDFFF) return false;
        if (code >= 0xD800 && code <= 0xDBFF) {
            std::uint32_t low = 0;
            if (!eat_here('\\') || !eat_here('u') || !hex(low)) return false;
            if (low < 0xDC00 || low > 0xDFFF) return false;
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        put_utf8(code, target);
        return true;
    }

    bool hex(std::uint32_t& code) {
        if (rest_.size() < 4) return false;
        for (const char c : rest_.substr(0, 4)) {
            const auto digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 32));
            if (digit == std::string_view::npos || (c < 'A' && digit > 9)) return false;
            code = code * 16 + static_cast<std::uint32_t>(digit);
        }
        rest_.remove_prefix(4);
        return true;
    }

    static void put_utf8(std::uint32_t code, std::string& target) {
        const auto put = [&](std::uint32_t unit) { target += static_cast<char>(unit); };
        if (code < 0x80) return put(code);
        if (code < 0x800) put(0xC0 | (code >> 6));
        if (code >= 0x800 && code < 0x10000) put(0xE0 | (code >> 12));
        if (code >= 0x10000) {
            put(0xF0 | (code >> 18));
            put(0x80 | ((code >> 12) & 0x3F));
        }
        if (code >= 0x800) put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    }

    void skip_space() noexcept {
        while (!rest_.empty() && static_cast<unsigned char>(rest_.front()) <= 0x20)
            rest_.remove_prefix(1);
    }
    bool eat(char c) noexcept {
        skip_space();
        return eat_here(c);
    }
    bool eat_here(char c) noexcept {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view rest_;
    json_writer& out_;
};

}  // namespace

bool copy_json(std::string_view source, json_writer& out) {
    return json_reader(source, out).document();
}

}  // namespace nightjar::app
