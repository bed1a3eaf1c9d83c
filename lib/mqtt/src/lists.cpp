#include <nightjar/base/expects.hpp>

#include <nightjar/mqtt/packet.hpp>

#include "fields.hpp"

namespace nightjar::mqtt {

subscription subscription_list::take() noexcept {
    reader in{raw_};
    const std::string_view filter = take_text(in);
    const std::uint8_t options = in.u8();
    expects(in.ok(), "take() is asked of a checked list that is not empty");
    raw_ = in.rest();
    return {
        .filter = filter,
        .maximum = static_cast<qos>(options & 0x03),
        .no_local = (options & 0x04) != 0,
        .retain_as_published = (options & 0x08) != 0,
        .retained = static_cast<retain_handling>(options >> 4 & 0x03),
    };
}

void subscription_list::put(writer& out, const subscription& what) noexcept {
    filter_list::put(out, what.filter);
    const unsigned options = static_cast<unsigned>(what.maximum) | (what.no_local ? 0x04u : 0u) |
                             (what.retain_as_published ? 0x08u : 0u) |
                             static_cast<unsigned>(what.retained) << 4;
    out.u8(static_cast<byte>(options));
}

std::string_view filter_list::take() noexcept {
    reader in{raw_};
    const std::string_view filter = take_text(in);
    expects(in.ok(), "take() is asked of a checked list that is not empty");
    raw_ = in.rest();
    return filter;
}

void filter_list::put(writer& out, std::string_view filter) noexcept {
    expects(filter.size() <= 65535, "a filter has at most 65535 bytes");
    put_text(out, filter);
}

}  // namespace nightjar::mqtt
