#pragma once
// What a poller's events point at: streams, listeners, attempts, watches.
//
// A source that ends inside a turn may still have an event in the batch that is being delivered. So
// none is freed at once: it retires, ignores what comes, and is settled after the batch.

#include <nightjar/base/intrusive_list.hpp>

#include <cstdint>

namespace nightjar::io::readiness {

class source : public list_hook<source> {
public:
    /// Bits of poll(2). EPOLLERR and EPOLLHUP come unasked.
    virtual void on_event(std::uint32_t events) noexcept = 0;
    /// After the batch, once retired: says what there is to say and frees itself.
    virtual void settle() noexcept = 0;
    /// Frees itself and says nothing: the engine ends.
    virtual void discard() noexcept = 0;

protected:
    ~source() = default;
};

}  // namespace nightjar::io::readiness
