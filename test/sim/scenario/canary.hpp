#pragma once
// Bugs that are planted between the broker and the network, to prove that the oracle would see
// them.

#include <cstdint>

namespace nightjar::sim {

enum class canary : std::uint8_t {
    none,
    doubled,    ///< A message of QoS 2 is delivered again, as a new one.
    lost,       ///< An acknowledged message does not arrive.
    astray,     ///< A message comes on another topic.
    ageless,    ///< The broker does not hear of a message's expiry, and delivers what is expired.
    immortal,   ///< Nor of a session's: it lives on.
    hasty,      ///< Nor of a will's delay: it comes at once.
    shared,     ///< Each member of a shared subscription is its only member, and gets all of it.
    mixed,      ///< A topic alias goes on standing for the first topic that it stood for.
    turned,     ///< A full queue drops the oldest where it should drop the newest, or the reverse.
    hushed,     ///< The log does not say of some clients that messages were lost.
    boundless,  ///< The broker takes whatever comes, however little memory there is.
};

}  // namespace nightjar::sim
