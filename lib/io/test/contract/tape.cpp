#include "contract/tape.hpp"

#include <array>

namespace nightjar::io::test {

void tape::hold(stream& fresh) {
    peer = &fresh;
    fresh.attach(*this);
}

void tape::say(std::string text) {
    if (text.empty()) return;
    out_.push_back(std::move(text));
    flush();
}

void tape::close() {
    closing_ = true;
    if (peer != nullptr) peer->close();
}

void tape::flush() {
    while (!writing_ && !out_.empty() && peer != nullptr) {
        std::array<bytes_view, 64> pieces;
        std::size_t count = 0;
        std::size_t total = 0;
        for (const std::string& one : out_) {
            if (count == pieces.size()) break;
            pieces[count] = as_bytes(one).subspan(count == 0 ? offset_ : 0);
            total += pieces[count++].size();
        }
        const std::size_t n = peer->write(std::span(pieces).first(count));
        writing_ = n < total;
        drop(n);
    }
}

void tape::drop(std::size_t n) {
    while (n > 0) {
        const std::size_t left = out_.front().size() - offset_;
        if (n < left) {
            offset_ += n;
            return;
        }
        n -= left;
        offset_ = 0;
        out_.pop_front();
    }
}

void tape::on_data(bytes lent) noexcept {
    heard_after_close |= closing_ || !closed.empty();
    ++data_calls;
    got += as_text(lent);
    for (byte& one : lent) one = 0xee;  // lent bytes may be written into
    if (when_data) when_data(*this);
}

void tape::on_written(std::size_t n) noexcept {
    heard_after_close |= closing_ || !closed.empty();
    ++written_calls;
    writing_ = false;
    drop(n);
    if (when_written) when_written(*this);
    flush();
}

bool tape::on_end() noexcept {
    heard_after_close |= closing_ || !closed.empty();
    ++ends;
    return when_end && when_end(*this);
}

void tape::on_closed(error why) noexcept {
    closed.push_back(why);
    peer = nullptr;
    if (when_closed) when_closed(*this);
}

void host::on_accept(stream& fresh) noexcept {
    tape& made = tapes.emplace_back();
    made.hold(fresh);
    if (when_accept) when_accept(made);
}

void caller::on_connected(stream& fresh) noexcept {
    ++connections;
    line.hold(fresh);
}

}  // namespace nightjar::io::test
