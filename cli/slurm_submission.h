// The scripts of an experiment's jobs in its run's folder, and their way to Slurm.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/slurm_jobs.h"
#include "conceptune/experiment/experiment_config.h"

namespace conceptune::cli {

/// Writes RUN/slurm: the configuration as it is now, a script a job, and submit.sh; scripts of an earlier
/// call are removed. Gives the folder.
std::filesystem::path write_slurm_scripts(const experiment::Experiment& experiment,
                                          const std::vector<SlurmJob>& jobs, const SlurmSettings& settings);

/// Names and numbers.
using SubmittedJobs = std::vector<std::pair<std::string, std::string>>;

/// Runs submit.sh of such a folder: each job's name and number. Throws InputError where there is no sbatch,
/// and Error with what sbatch said and what was asked for when a job is refused; none is submitted then.
SubmittedJobs submit_slurm_jobs(const std::filesystem::path& folder, const std::vector<SlurmJob>& jobs,
                                const SlurmSettings& settings);

/// A line a job: tasks, memory, time; without a final line feed.
std::string table_of(const std::vector<SlurmJob>& jobs);
Json to_json(const std::vector<SlurmJob>& jobs);

}  // namespace conceptune::cli
