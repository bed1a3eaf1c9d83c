#pragma once
// A configuration for human eyes: what was wrong with it, what there is to say in one, and one that
// says the same.

#include <nightjar/broker/config/config.hpp>
#include <nightjar/broker/config/load.hpp>
#include <string>

namespace nightjar::broker::config {

/// `nightjar.conf:12: max_keepalive: expected a whole number from 0 to 65535, found "abc"`, without
/// a line's end. Warnings carry the word "warning: " before the message.
std::string format(const diagnostic& one);

/// All diagnostics, a line each, then a summary line such as "nightjar.conf: 1 error, 2 warnings".
/// Ends with a line's end.
std::string check_report(const loaded& what, std::string_view name);

/// A configuration that `parse` turns into `value` again. Promise of the caller: `value` came from
/// `parse`.
std::string render(const broker_config& value);

/// "1883 127.0.0.1", "0 /run/nightjar.sock", "1883 on eth0": what stands behind `listener`, and the
/// interface if one is named.
std::string listener_name(const listener_config& of);

/// The table of options, for a terminal.
std::string help_text();

/// The same as a page of documentation.
std::string help_markdown();

}  // namespace nightjar::broker::config
