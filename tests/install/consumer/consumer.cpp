// Uses something of most folders, so that what they link is linked.
#include <cstdio>
#include <exception>

#include "conceptune/experiment/run.h"
#include "conceptune/report/report.h"
#include "conceptune/runtime/model/environment.h"
#include "conceptune/training/loss/losses.h"
#include "conceptune/version.h"

int main(int argc, char** argv) {
  if (conceptune::model::current_environment().kernel_set.empty()) return 1;
  if (conceptune::training::Loss().name() != "paper") return 1;
  try {
    if (argc > 1) {
      const auto experiment = conceptune::experiment::load_experiment(argv[1], {});
      conceptune::experiment::run_experiment(experiment, {});
      conceptune::experiment::RunStore store(experiment.shared.output,
                                             conceptune::experiment::RunStore::Access::read_only);
      conceptune::report::write_report(store);
    }
  } catch (const std::exception& error) {
    std::puts(error.what());
    return 1;
  }
  std::puts("consumer: conceptune " CONCEPTUNE_VERSION);
}
