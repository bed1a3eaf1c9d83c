#pragma once
// A memory source for tests: the heap, with a limit and a count of what is out.

#include <atomic>
#include <cstdint>
#include <limits>
#include <new>
#include <nightjar/base/memory.hpp>

namespace nightjar {

class heap_source {
public:
    explicit heap_source(std::size_t room = std::numeric_limits<std::size_t>::max())
        : room_(room) {}

    const memory_source& source() const { return source_; }
    std::size_t bytes_out() const { return out_; }
    std::size_t takes() const { return takes_; }

private:
    static void* take(void* context, std::size_t size, std::size_t alignment) noexcept {
        auto& self = *static_cast<heap_source*>(context);
        if (self.out_ + size > self.room_) return nullptr;
        self.out_ += size;
        ++self.takes_;
        return ::operator new(size, std::align_val_t(alignment));
    }
    static void give(void* context, void* room, std::size_t size, std::size_t alignment) noexcept {
        static_cast<heap_source*>(context)->out_ -= size;
        ::operator delete(room, std::align_val_t(alignment));
    }

    std::size_t room_;
    std::atomic<std::size_t> out_{0};
    std::atomic<std::size_t> takes_{0};
    memory_source source_{take, give, this};
};

}  // namespace nightjar
