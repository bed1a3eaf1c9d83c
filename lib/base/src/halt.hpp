#pragma once
// How a broken promise ends: one file per kind of platform defines it, CMake chooses.

#include <nightjar/base/expects.hpp>

namespace nightjar {

/// Prints what it can and never comes back.
[[noreturn]] void halt(const char* promise, code_place where) noexcept;

}  // namespace nightjar
