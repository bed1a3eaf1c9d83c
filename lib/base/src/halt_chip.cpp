#include "halt.hpp"

namespace nightjar {

// No stdio and no abort() here: newlib's would pull in signals and system calls that a chip lacks.
// The trap raises the fault handler with the arguments still in registers; whoever wants them
// printed installs a hook.
void halt(const char*, code_place) noexcept { __builtin_trap(); }

}  // namespace nightjar
