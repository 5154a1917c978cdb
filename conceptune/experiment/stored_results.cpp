#include "conceptune/experiment/stored_results.h"

#include <set>

#include "conceptune/base/error.h"

namespace conceptune::experiment {

std::string altered_evaluation(const Results& results, RunStore& store) {
  std::set<std::string> given;
  for (const auto& product : store.products()) {
    const auto path = product.folder / "results.json";
    if (product.stage != "evaluate" || !std::filesystem::exists(path)) continue;
    try {
      given.insert(to_json_text(evaluation::to_json(evaluation::read_results(path))));
    } catch (const InputError&) {
      // A damaged file is a problem of its own.
    }
  }
  if (given.empty()) return {};
  for (const auto& [model, stored] : results.evaluations)
    if (!given.contains(to_json_text(evaluation::to_json(stored)))) return model;
  return {};
}

}  // namespace conceptune::experiment
