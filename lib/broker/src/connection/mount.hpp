#pragma once
// A listener's mount point: what its clients call "a" is "home/a" for all others. Here for filters;
// topics are a prefix more or less.

#include <nightjar/mqtt/packet.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace nightjar::broker {

/// The payload of a SUBSCRIBE with each filter behind `mount_point`, a shared subscription's behind
/// its group. Nothing where one becomes too long.
std::optional<std::vector<byte>> mounted(mqtt::subscription_list filters,
                                         std::string_view mount_point);
/// The same for UNSUBSCRIBE.
std::optional<std::vector<byte>> mounted(mqtt::filter_list filters, std::string_view mount_point);

}  // namespace nightjar::broker
