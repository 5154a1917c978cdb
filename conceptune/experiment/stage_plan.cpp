#include "conceptune/experiment/stage_plan.h"

#include <set>
#include <utility>

#include "conceptune/base/claim.h"
#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/measured_sets.h"
#include "conceptune/experiment/product_records.h"
#include "conceptune/experiment/stages.h"

namespace conceptune::experiment {
namespace {

/// Notes what it is asked for.
class Planner : public ProductSource {
 public:
  explicit Planner(RunStore& store) : store_(store) {}

  Product get(const std::string& stage, const std::string& subject, const Json& recipe,
              const std::function<void(const std::filesystem::path& folder)>& /*make*/) override {
    const std::string key = product_key(stage, recipe);
    Product product{key, stage, store_.product_folder(stage, key), recipe};
    if (keys_.insert(key).second) stages_.push_back({stage, subject, key, state_of(product)});
    return product;
  }

  std::vector<PlannedStage> take() { return std::move(stages_); }

 private:
  StageState state_of(const Product& product) {
    if (std::filesystem::exists(product_record_path(product)) || store_.find_product(product.key))
      return StageState::done;
    return is_claimed(product.folder) ? StageState::being_made : StageState::waiting;
  }

  RunStore& store_;
  std::set<std::string> keys_;
  std::vector<PlannedStage> stages_;
};

}  // namespace

std::vector<PlannedStage> plan_stages(const Experiment& experiment, const std::filesystem::path& run_folder) {
  RunStore store = RunStore::working_copy(run_folder);
  Planner planner(store);
  Stages stages(store, planner);
  for (const auto& group : group_by_evaluation(experiment.arms)) {
    for (const Arm* arm : group.arms) stages.training_dataset(arm->config);
    for (const auto& passages : planned_passages(experiment, group))
      stages.dataset(passages.config, passages.split);
    for (const Arm* arm : group.arms) stages.adapter(*arm);
    stages.evaluation(experiment, group);
  }
  return planner.take();
}

}  // namespace conceptune::experiment
