#pragma once
// The topics and filters of a storm: few, so that they meet.

#include <nightjar/base/prng.hpp>
#include <nightjar/mqtt/types.hpp>

#include <string>
#include <string_view>

namespace nightjar::sim {

mqtt::qos draw_qos(prng& from);
std::string_view draw_topic(prng& from);
std::string_view draw_filter(prng& from);

/// Topics for shared subscriptions, and one of those: a few names with a few filters each.
std::string_view draw_team_topic(prng& from);
std::string draw_team(prng& from);
/// Matches no topic of a team.
std::string_view draw_near_filter(prng& from);

}  // namespace nightjar::sim
