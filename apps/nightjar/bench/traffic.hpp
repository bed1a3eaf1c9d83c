#pragma once
// Publishers, subscribers and the flows between them, as a scenario lays them out.

#include "publisher.hpp"
#include "subscriber.hpp"

#include <list>

namespace nightjar::app::benchmark {

/// References stay valid: nothing here moves once it was added.
struct cast {
    std::list<publisher> publishers;
    std::list<subscriber> subscribers;
    std::list<flow> flows;

    /// A new flow, the last of `source`.
    flow& add_flow(publisher& source, std::string topic);
    std::vector<peer*> peers();
};

/// Publishers, with `how.subscribers` subscribers each on a topic of their own.
void lay_groups(world& where, cast& target);
/// `how.groups` publishers with a topic each, one subscriber for all of them.
void lay_fanin(world& where, cast& target);
/// See wildcards.cpp.
void lay_wildcards(world& where, cast& target);

}  // namespace nightjar::app::benchmark
