#pragma once
// How much of memory_limit is left. Where it runs low, what waits for slow subscribers and what is
// retained grows no further; where it is tight, nor do subscriptions; where it is used up, nothing
// new comes in. So who waits pays before who works.
//
//      0 ────────────────────────── 7/8 ───── 15/16 ───── memory_limit
//        plenty                     │ low     │ tight     │ short

#include <nightjar/broker/config/config.hpp>
#include <nightjar/broker/memory_meter.hpp>

namespace nightjar::broker {

class memory_gauge {
public:
    /// Without a meter there is no limit.
    memory_gauge(const memory_meter* meter, const broker_config& how) noexcept
        : meter_(meter), how_(how) {}

    bool is_low() const noexcept { return is_beyond(how_.memory_limit - how_.memory_limit / 8); }
    bool is_tight() const noexcept { return is_beyond(how_.memory_limit - how_.memory_limit / 16); }
    bool is_short() const noexcept { return is_beyond(how_.memory_limit); }

private:
    bool is_beyond(std::uint64_t bytes) const noexcept {
        return bytes != 0 && meter_ && meter_->bytes_used() >= bytes;
    }

    const memory_meter* meter_;
    const broker_config& how_;
};

}  // namespace nightjar::broker
