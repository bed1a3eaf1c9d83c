#pragma once
// What the broker's log says of messages that clients did not get, held against what it counts.

#include <nightjar/broker/broker.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace nightjar::sim {

class loss_ledger {
public:
    /// A line of the log.
    void read(std::string_view line);
    /// Messages that the client did not get, as far as it was said.
    std::uint64_t of(unsigned client) const;
    /// Once all sessions have ended every loss was said: when it began, and how many of each kind.
    void check(const broker::statistics::losses& counted,
               const std::function<void(const std::string&)>& complain) const;

private:
    void read_kinds(std::string_view kinds);

    std::map<unsigned, std::uint64_t> lost_;                   // by client
    std::map<unsigned, int> open_;                             // begun and not summed up
    std::map<std::string, std::uint64_t, std::less<>> kinds_;  // by its words
};

/// All that limits of subscribers' cost them.
std::uint64_t total(const broker::statistics::losses& of) noexcept;

}  // namespace nightjar::sim
