// What an evaluation found about one arm, as the arm's model card tells it.
#pragma once

#include <string>

#include "conceptune/base/json.h"
#include "conceptune/results/results.h"

namespace conceptune::experiment {

/// Markdown: a table of the main metrics, each with its interval and the paired difference to the base, and
/// how to read them. Empty where the arm was not measured.
std::string describe_results(const evaluation::Results& results, const std::string& arm);

/// The same values as hubs read them ("model-index" of a card): one entry named `arm`; an empty list where it
/// was not measured.
Json model_index_of(const evaluation::Results& results, const std::string& arm);

}  // namespace conceptune::experiment
