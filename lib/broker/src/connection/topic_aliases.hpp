#pragma once
// Topic aliases of one connection, both ways. [MQTT-5 3.3.2.3.4] Neither takes memory before the
// first alias is used, and both are bounded in names and in bytes.

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::broker {

/// Bytes of topic names that a connection keeps for what a client calls its topics; ten of the
/// longest fit. What more numbers than these ten could take is not promised.
inline constexpr std::size_t received_alias_bytes_max = 1024 * 1024;
/// And for what we call ours.
inline constexpr std::size_t sent_alias_bytes_max = 256 * 1024;

/// What a client calls its topics.
class received_aliases {
public:
    /// From now on `number` means `topic`. False: too many bytes in all.
    [[nodiscard]] bool define(std::uint16_t number, std::string_view topic);
    /// Empty: not defined. Valid until the next define().
    std::string_view find(std::uint16_t number) const noexcept;
    std::size_t memory() const noexcept;

private:
    std::vector<std::string> names_;  // by number - 1
    std::size_t bytes_ = 0;
};

/// What we call topics towards a client. The first topics get the numbers; a number passes on to a
/// new topic once its own was not seen for a long time, so that a client which gets more topics
/// than there are numbers does not get a definition with each message.
class sent_aliases {
public:
    /// At most `most` numbers, which the client said that it takes. Promise: not 0.
    explicit sent_aliases(std::uint16_t most) noexcept : most_(most) {}

    struct choice {
        std::uint16_t number = 0;  ///< 0: send the topic and no alias.
        bool is_new = false;       ///< Send both, then say define() if that was written.
    };
    choice choose(std::string_view topic);
    /// The client knows the number as this topic's. Promise: choose() proposed it just now.
    void define(std::uint16_t number, std::string_view topic);
    std::size_t memory() const noexcept;

private:
    struct entry {
        std::string topic;
        std::uint64_t seen = 0;  // misses_ when it was used last
    };
    static constexpr std::size_t worth_it_from = 4;  // an alias alone takes three bytes
    static constexpr std::uint64_t patience = 8;     // misses per number before one passes on
    bool fits(std::string_view topic, std::size_t instead_of) const noexcept;

    std::uint16_t most_;
    std::uint16_t hand_ = 0;  // the entry that is asked next whether it is still used
    std::uint64_t misses_ = 0;
    std::size_t bytes_ = 0;
    std::deque<entry> entries_;                                      // by number - 1
    absl::flat_hash_map<std::string_view, std::uint16_t> by_topic_;  // keys view into entries_
};

}  // namespace nightjar::broker
