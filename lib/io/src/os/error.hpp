#pragma once
// errno as one of our errors.

#include <nightjar/base/result.hpp>

namespace nightjar::io::os {

/// `number` is an errno; 0 becomes `none`.
error to_error(int number) noexcept;

/// What errno says now.
error last_error() noexcept;

}  // namespace nightjar::io::os
