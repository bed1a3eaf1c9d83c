#pragma once
// What a run is measured on.

#include "record.hpp"

namespace nightjar::app::lab {

machine this_machine();

/// "2 × AMD EPYC (virtual machine), Linux 6.18, nightjar 0.1.0; load average before: 0.1".
std::string sentence_of(const machine& where);

}  // namespace nightjar::app::lab
