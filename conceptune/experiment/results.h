// From the products of a run to what its store holds for the report.
#pragma once

#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/stages.h"
#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

/// Arms, evaluations, losses and example concept sets of an experiment whose products are finished.
Results collect_results(const Experiment& experiment, const std::vector<EvaluationGroup>& groups,
                        Stages& stages);

/// At most `count` passages of a dataset, chosen by `seed` among those of readable length with at least two
/// concept sets.
std::vector<StoredExample> choose_examples(const std::filesystem::path& dataset, std::size_t count,
                                           std::uint64_t seed);

}  // namespace conceptune::experiment
