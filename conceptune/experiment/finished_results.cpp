#include "conceptune/experiment/finished_results.h"

#include <vector>

#include "conceptune/experiment/product_records.h"
#include "conceptune/experiment/results.h"
#include "conceptune/experiment/stage_cache.h"
#include "conceptune/experiment/stages.h"

namespace conceptune::experiment {
namespace {

/// Gives products that are finished, and makes none.
class FinishedProducts : public ProductSource {
 public:
  explicit FinishedProducts(RunStore& store) : store_(store) {}

  Product get(const std::string& stage, const std::string& subject, const Json& recipe,
              const Making& /*making*/) override {
    const std::string key = product_key(stage, recipe);
    const Product wanted{key, stage, store_.product_folder(stage, key), recipe};
    if (const auto record = read_product_record(wanted)) return record->product;
    if (const auto known = store_.find_product(key)) return *known;
    throw BeingMade(stage + " " + subject + " is not finished");
  }

 private:
  RunStore& store_;
};

}  // namespace

FinishedCount collect_finished(const Experiment& experiment, RunStore& copy, std::size_t known) {
  FinishedProducts products(copy);
  Stages stages(copy, products);
  std::vector<EvaluationGroup> finished;
  const auto groups = group_by_evaluation(experiment.arms);
  for (const auto& group : groups) {
    try {
      stages.evaluation(experiment, group);
      finished.push_back(group);
    } catch (const BeingMade&) {
      continue;
    }
  }
  if (finished.size() > known) copy.replace_results(collect_results(experiment, finished, stages));
  return {finished.size(), groups.size()};
}

}  // namespace conceptune::experiment
