#pragma once
// One message for one session that could not be written and forgotten: it waits in the queue, or it
// is in flight and may have to be sent again.

#include <nightjar/base/intrusive_list.hpp>
#include <nightjar/base/slab.hpp>

#include <absl/container/inlined_vector.h>

#include "../message.hpp"

namespace nightjar::broker {

using identifier_list = absl::InlinedVector<std::uint32_t, 2>;

/// What became of a message at a connection. `too_large`: the client said that it takes no such
/// packet, so it never gets it. [MQTT-3.1.2-25]
enum class send_outcome : std::uint8_t { written, no_room, too_large };

struct delivery : list_hook<> {
    message what;
    identifier_list identifiers;
    std::uint64_t share = 0;  ///< The shared subscription that it came by; 0: none.
    mqtt::qos level{};
    bool retain = false;
    bool was_sent = false;  ///< Then it is sent again with DUP. [MQTT-5 3.3.1.1]
};

using delivery_slab = slab<delivery>;
using delivery_list = intrusive_list<delivery>;

}  // namespace nightjar::broker
