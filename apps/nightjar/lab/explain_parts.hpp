#pragma once
// The paragraphs of an explanation, one function each. Empty sentences: there is nothing to say.

#include "explain.hpp"
#include "load_classes.hpp"

namespace nightjar::app::lab {

/// What to take for each class of loads: the engine with the least processor time, and on it the
/// model that delivered most.
paragraph in_short(const record& what);

/// Engines under one loop, beside each other and beside the plain programs.
paragraph about_engines(const record& what);

/// Models on each engine beside `single`, and where one loses, what in its figures goes with that.
paragraph about_models(const record& what);

paragraph about_memory(const record& what);
paragraph about_fairness(const record& what);
paragraph about_failures(const record& what);

}  // namespace nightjar::app::lab
