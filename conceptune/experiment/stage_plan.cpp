#include "conceptune/experiment/stage_plan.h"

#include <set>
#include <utility>

#include "conceptune/base/claim.h"
#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/measured_sets.h"
#include "conceptune/experiment/product_records.h"
#include "conceptune/experiment/run.h"
#include "conceptune/experiment/stages.h"

namespace conceptune::experiment {
namespace {

/// Notes what it is asked for.
class Planner : public ProductSource {
 public:
  explicit Planner(RunStore& store) : store_(store) {}

  Product get(const std::string& stage, const std::string& subject, const Json& recipe,
              const Making& making) override {
    const std::string key = product_key(stage, recipe);
    Product product{key, stage, store_.product_folder(stage, key), recipe};
    if (keys_.insert(key).second) {
      PlannedStage planned{stage, subject, key, StageState::waiting, making.parts, product.folder, {}};
      if (store_.find_product(key))  // an earlier release wrote no records
        planned.state = StageState::done;
      stages_.push_back(std::move(planned));
    }
    return product;
  }

  std::vector<PlannedStage> take() { return std::move(stages_); }

 private:
  RunStore& store_;
  std::set<std::string> keys_;
  std::vector<PlannedStage> stages_;
};

}  // namespace

void update_states(std::vector<PlannedStage>& stages) {
  for (auto& stage : stages) {
    if (stage.state == StageState::done) continue;
    const Product product{stage.key, stage.stage, stage.folder, {}, {}};
    stage.progress.reset();
    if (std::filesystem::exists(product_record_path(product))) {
      stage.state = StageState::done;
      continue;
    }
    std::vector<std::filesystem::path> claimed = {stage.folder};
    for (int part = 0; stage.parts > 1 && part < stage.parts; ++part)
      claimed.push_back(part_path(product, part));
    std::erase_if(claimed, [](const auto& path) { return !is_claimed(path); });
    stage.state = claimed.empty() ? StageState::waiting : StageState::being_made;
    if (!claimed.empty()) stage.progress = progress_of(claim_note(claimed.front()));
  }
}

std::vector<PlannedStage> plan_stages(const Experiment& experiment, const std::filesystem::path& run_folder) {
  RunStore store = RunStore::working_copy(run_folder);
  return plan_stages(experiment, store);
}

std::vector<PlannedStage> plan_stages(const Experiment& experiment, RunStore& store) {
  Planner planner(store);
  Stages stages(store, planner);
  for (const auto& group : group_by_evaluation(experiment.arms)) {
    for (const Arm* arm : group.arms) stages.training_dataset(arm->config);
    for (const auto& passages : planned_passages(experiment, group))
      stages.dataset(passages.config, passages.split);
    for (const Arm* arm : group.arms) stages.adapter(*arm);
    stages.evaluation(experiment, group);
  }
  auto planned = planner.take();
  update_states(planned);
  return planned;
}

std::vector<PlannedStage> begin_and_plan(const Experiment& experiment,
                                         const std::map<std::string, std::string>& facts,
                                         const std::stop_token& stop) {
  begin_run(experiment, facts, stop);
  const std::filesystem::path& folder = experiment.shared.output;
  RunStore copy = RunStore::working_copy(folder);
  auto stages = plan_stages(experiment, copy);
  const RunLock lock(folder, stop);
  RunStore(folder, RunStore::Access::read_write).take_over(copy);  // large inputs are hashed once
  return stages;
}

}  // namespace conceptune::experiment
