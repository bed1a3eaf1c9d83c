#include "scenario/wishes.hpp"

#include <iterator>

namespace nightjar::sim {
namespace {

template <std::size_t N>
std::string_view one_of(const std::string_view (&those)[N], prng& from) {
    return those[from.uniform(N)];
}

}  // namespace

mqtt::qos draw_qos(prng& from) { return static_cast<mqtt::qos>(from.uniform(3)); }

std::string_view draw_topic(prng& from) {
    static constexpr std::string_view topics[] = {"a",     "a/b", "a/c",     "a/b/c",
                                                  "b/b/c", "b",   "b//deep", "long/way/to/go"};
    return one_of(topics, from);
}

std::string_view draw_filter(prng& from) {
    static constexpr std::string_view filters[] = {"a",   "a/b",   "a/+",   "a/#", "+/b", "+/b/#",
                                                   "b/#", "+/+/c", "b//+",  "#",   "+",   "long/#",
                                                   "c",   "a/b/c", "+/+/+", "/b"};
    return one_of(filters, from);
}

std::string_view draw_team_topic(prng& from) {
    static constexpr std::string_view topics[] = {"team/red", "team/blue"};
    return one_of(topics, from);
}

std::string draw_team(prng& from) {
    static constexpr std::string_view teams[] = {"$share/one/team/red", "$share/one/team/#",
                                                 "$share/two/team/red"};
    return std::string(one_of(teams, from));
}

std::string_view draw_near_filter(prng& from) {
    static constexpr std::string_view filters[] = {"a", "a/b", "a/+", "b/#", "b//+", "a/b/c"};
    return one_of(filters, from);
}

}  // namespace nightjar::sim
