#pragma once
// Options to a CONNECT.

#include <nightjar/client/options.hpp>
#include <nightjar/mqtt/client_session.hpp>

#include <vector>

namespace nightjar::client {

/// The packet's views are into `how`, `client_id` and `room`.
mqtt::connect make_hello(const options& how, std::string_view client_id, bool clean_start,
                         std::vector<byte>& room);

/// The numbers that both CONNECT and the session's half must know.
mqtt::client_policy policy_of(const options& how) noexcept;

/// Whether the version lets a session outlive a connection made like this.
bool is_durable(const options& how) noexcept;

/// What makes no sense, if anything.
bool is_sound(const options& how) noexcept;

}  // namespace nightjar::client
