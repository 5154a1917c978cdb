// What is left of an experiment as jobs of Slurm. Each job's tasks are workers on the run's folder, so that a
// task which Slurm ends, requeues or never starts costs time alone: another, or the last job, makes what it
// left.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/experiment/estimate.h"
#include "conceptune/experiment/stage_plan.h"

namespace conceptune::cli {

/// What is asked of Slurm beyond what the plan says.
struct SlurmSettings {
  /// sbatch's long options as "NAME=VALUE" or "NAME", without dashes, in the order given.
  std::vector<std::string> options;
  /// Tasks of one job that run at once; 0: all of them.
  int at_once = 0;
  /// Threads of a task, and what the estimate was measured with.
  int threads = 1, measured_threads = 1;
};

/// Reads "partition=cpu account=me", dashes allowed. Throws InputError for what is no option of sbatch's
/// form, and for those that the scripts decide themselves (array, dependency, output, …).
std::vector<std::string> parse_slurm_options(const std::string& text);

/// An array of tasks, or a single one.
struct SlurmJob {
  std::string name;
  /// Further words of `conceptune run` for each task.
  std::vector<std::vector<std::string>> tasks;
  bool is_array = true;
  /// For a task: the limits to ask for, with a margin over the estimate.
  double seconds = 0;
  std::int64_t memory_bytes = 0;
};

/// The jobs for the stages that are not done, each to begin when the one before has ended: "data" (samples
/// and concept datasets), "train" (a task an arm), "report" (evaluation, and the report). Jobs with nothing
/// to do are left out, except the last.
std::vector<SlurmJob> plan_slurm_jobs(const std::vector<experiment::PlannedStage>& stages,
                                      const experiment::ExperimentEstimate& estimate,
                                      const SlurmSettings& settings);

/// What a task of the job asks for, as options of sbatch: cores, memory and time, unless the settings say
/// otherwise, and then the settings' own.
std::vector<std::string> slurm_requests(const SlurmJob& job, const SlurmSettings& settings);

/// Where the scripts stand: the program, the configuration, the folder of the logs.
struct SlurmPlaces {
  std::string program, config, logs;
};

/// The script of a job, for sbatch.
std::string slurm_script(const SlurmJob& job, const SlurmSettings& settings, const SlurmPlaces& places);

/// The script that submits the jobs whose scripts lie beside it, all or none, and prints "NAME NUMBER" for
/// each.
std::string submit_script(const std::vector<SlurmJob>& jobs);

/// "0:20:00".
std::string slurm_time(double seconds);

}  // namespace conceptune::cli
