#include <nightjar/io/outbox.hpp>

#include <new>

namespace nightjar::io {
namespace {

using chunk = chunk_pool::chunk;

std::uint8_t class_for(std::size_t size) noexcept {
    std::uint8_t fit = 0;
    while (fit != chunk_pool::whole && chunk_pool::sizes[fit] < size) ++fit;
    return fit;
}

chunk* allocate(std::size_t room, std::uint8_t size_class) noexcept {
    void* memory = ::operator new(sizeof(chunk) + room, std::nothrow);
    if (!memory) return nullptr;
    auto* fresh = new (memory) chunk;
    fresh->from = fresh->to = static_cast<byte*>(memory) + sizeof(chunk);
    fresh->room_end = fresh->from + room;
    fresh->size_class = size_class;
    return fresh;
}

std::size_t room_of(const chunk& c) noexcept {
    return static_cast<std::size_t>(c.room_end - reinterpret_cast<const byte*>(&c)) - sizeof(chunk);
}

void destroy(chunk* done) noexcept {
    done->~chunk();
    ::operator delete(done);
}

}  // namespace

chunk_pool::~chunk_pool() {
    for (chunk* list : free_)
        while (list) destroy(std::exchange(list, list->next));
}

chunk* chunk_pool::take(std::size_t size, std::size_t queued) noexcept {
    // An outbox that already waits with much gets a larger chunk: fewer pieces in one gather list.
    std::uint8_t fit = class_for(size);
    while (fit + 1U < sizes.size() && sizes[fit] <= queued) ++fit;
    if (fit != whole && free_[fit]) {
        chunk* again = std::exchange(free_[fit], free_[fit]->next);
        again->next = nullptr;
        again->from = again->to = reinterpret_cast<byte*>(again) + sizeof(chunk);
        kept_ -= sizes[fit];
        used_ += sizes[fit];
        return again;
    }
    const std::size_t room = fit == whole ? size : sizes[fit];
    chunk* fresh = allocate(room, fit);
    if (fresh) used_ += room;
    return fresh;
}

chunk* chunk_pool::refer(blob_ref what, bytes_view part) noexcept {
    chunk* fresh = allocate(0, whole);
    if (!fresh) return nullptr;
    fresh->from = const_cast<byte*>(part.data());  // never written through: a reference has no room
    fresh->to = fresh->room_end = fresh->from + part.size();
    fresh->shared = std::move(what);
    return fresh;
}

void chunk_pool::give(chunk* done) noexcept {
    if (done->shared) return destroy(done);
    const std::size_t room = room_of(*done);
    used_ -= room;
    if (done->size_class == whole || kept_ + room > kept_max_) return destroy(done);
    kept_ += room;
    done->next = std::exchange(free_[done->size_class], done);
}

void outbox::settle() noexcept {
    if (!tail_ || tail_->shared) return;
    settled_ += static_cast<std::uint32_t>(at() - tail_->to);
    tail_->to = at();
}

void outbox::append(chunk* fresh) noexcept {
    if (tail_)
        tail_->next = fresh;
    else
        head_ = fresh;
    tail_ = fresh;
    window(fresh->to, fresh->room_end);
}

bool outbox::grow(output& self, std::size_t size) noexcept {
    auto& box = static_cast<outbox&>(self);
    const std::size_t queued = box.bytes();
    if (queued + size > box.max()) return false;
    const std::size_t expected = queued != 0 ? queued : std::size_t{box.last_batch_} * 1024;
    chunk* fresh = box.pool_->take(size, expected);
    if (!fresh) return false;
    box.settle();
    box.append(fresh);
    return true;
}

bool outbox::put_shared(const blob_ref& what, bytes_view part) noexcept {
    if (part.empty()) return true;
    if (bytes() + part.size() > max()) return false;
    chunk* fresh = pool_->refer(what, part);
    if (!fresh) return false;
    settle();
    settled_ += static_cast<std::uint32_t>(part.size());
    append(fresh);
    return true;
}

std::size_t outbox::gather(std::span<bytes_view> pieces) const noexcept {
    std::size_t count = 0;
    for (const chunk* c = head_; c && count != pieces.size(); c = c->next) {
        const byte* end = c == tail_ ? at() : c->to;
        if (end != c->from) pieces[count++] = {c->from, end};
    }
    return count;
}

void outbox::sent(std::size_t n) noexcept {
    expects(n <= bytes(), "no more was sent than was there");
    settle();
    // Decays, so that one burst does not make all later chunks large.
    const auto batch = static_cast<std::uint16_t>(std::min<std::size_t>(settled_ / 1024, 65535));
    last_batch_ = std::max<std::uint16_t>(batch, last_batch_ / 2);
    settled_ -= static_cast<std::uint32_t>(n);
    while (head_) {
        const auto here = static_cast<std::size_t>(head_->to - head_->from);
        if (n < here) {
            head_->from += n;
            return;
        }
        n -= here;
        // The tail stays while something is in front of it only; an empty outbox gives everything
        // back.
        chunk* done = std::exchange(head_, head_->next);
        pool_->give(done);
    }
    tail_ = nullptr;
    window(nullptr, nullptr);
}

void outbox::clear() noexcept {
    while (head_) pool_->give(std::exchange(head_, head_->next));
    tail_ = nullptr;
    settled_ = 0;
    window(nullptr, nullptr);
}

}  // namespace nightjar::io
