#include "mount.hpp"

#include <nightjar/mqtt/topic.hpp>

#include <string>

namespace nightjar::broker {
namespace {

constexpr std::size_t filter_bytes_max = 65535;

std::string mounted(std::string_view filter, std::string_view mount_point) {
    const auto shared = mqtt::shared(filter);
    std::string made(shared ? filter.substr(0, filter.size() - shared->filter.size())
                            : std::string_view{});
    made.append(mount_point).append(shared ? shared->filter : filter);
    return made;
}

/// `put(writer&, one, text)` writes an entry with another text.
template <class List, class Filter, class Put>
std::optional<std::vector<byte>> rewritten(List filters, std::string_view mount_point,
                                           Filter&& filter_of, Put&& put) {
    std::vector<byte> all;
    while (!filters.empty()) {
        const auto one = filters.take();
        const std::string text = mounted(filter_of(one), mount_point);
        if (text.size() > filter_bytes_max) return {};
        std::vector<byte> room(text.size() + 3);  // length and options
        writer to{room};
        put(to, one, text);
        all.insert(all.end(), to.written().begin(), to.written().end());
    }
    return all;
}

}  // namespace

std::optional<std::vector<byte>> mounted(mqtt::subscription_list filters,
                                         std::string_view mount_point) {
    return rewritten(
        filters, mount_point, [](const mqtt::subscription& one) { return one.filter; },
        [](writer& to, mqtt::subscription one, std::string_view text) {
            one.filter = text;
            mqtt::subscription_list::put(to, one);
        });
}

std::optional<std::vector<byte>> mounted(mqtt::filter_list filters, std::string_view mount_point) {
    return rewritten(
        filters, mount_point, [](std::string_view one) { return one; },
        [](writer& to, std::string_view, std::string_view text) {
            mqtt::filter_list::put(to, text);
        });
}

}  // namespace nightjar::broker
