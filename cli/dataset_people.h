// The parts of conceptune dataset that bring people's judgements together.
#pragma once

#include "cli/commands.h"

namespace conceptune::cli {

/// Adds `agree` and `adjudicate` to the command dataset.
void add_people_operations(CLI::App& dataset, Terminal& terminal);

}  // namespace conceptune::cli
