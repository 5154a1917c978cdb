#include "cli/slurm_submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

#include "cli/own_process.h"
#include "conceptune/base/child_process.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/experiment/run.h"

namespace conceptune::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "submitting to Slurm";
constexpr const char* kSubmit = "submit.sh";
constexpr int kNotFound = 127;  // the shell's word for a command that is not there

/// sbatch says the cause first, then that it failed; one line of both.
std::string complaint_of(const std::string& output) {
  constexpr std::string_view kError = "sbatch: error: ";
  std::istringstream lines(output);
  std::string complaint;
  for (std::string line; std::getline(lines, line);)
    if (const auto found = line.find(kError); found != line.npos)
      complaint += (complaint.empty() ? "" : "; ") + line.substr(found + kError.size());
  return complaint.empty() ? output.substr(0, output.find('\n')) : complaint;
}

double gigabytes(const SlurmJob& job) { return static_cast<double>(job.memory_bytes) / 1e9; }

[[noreturn]] void throw_refusal(const std::string& output, const SubmittedJobs& accepted,
                                const std::vector<SlurmJob>& jobs, const SlurmSettings& settings) {
  const SlurmJob& refused = jobs[std::min(accepted.size(), jobs.size() - 1)];
  throw Error(fmt::format("{}: the job {}, whose tasks ask for {}, was refused: {}; nothing is submitted",
                          kDoing, refused.name, fmt::join(slurm_requests(refused, settings), " "),
                          complaint_of(output)));
}

}  // namespace

fs::path write_slurm_scripts(const experiment::Experiment& experiment, const std::vector<SlurmJob>& jobs,
                             const SlurmSettings& settings) {
  const fs::path run = fs::absolute(experiment.shared.output).lexically_normal();
  const fs::path folder = run / "slurm";
  make_folder(folder);
  make_folder(run / "logs");
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".sh") fs::remove(entry.path());
  const fs::path config = folder / experiment::kConfigOfRun;
  write_file_atomically(config, experiment.toml);
  const SlurmPlaces places{own_program(), config.string(), (run / "logs").string()};
  for (const auto& job : jobs)
    write_file_atomically(folder / (job.name + ".sh"), slurm_script(job, settings, places));
  write_file_atomically(folder / kSubmit, submit_script(jobs));
  fs::permissions(folder / kSubmit, fs::perms::owner_exec, fs::perm_options::add);
  return folder;
}

SubmittedJobs submit_slurm_jobs(const fs::path& folder, const std::vector<SlurmJob>& jobs,
                                const SlurmSettings& settings) {
  // By the shell, which stands at one place and says by kNotFound that bash or sbatch is nowhere.
  const auto outcome = run_child({"/bin/sh", "-c", fmt::format("exec bash ./{}", kSubmit)}, folder);
  if (outcome.status < 0) throw SystemError(kDoing, (folder / kSubmit).string(), -outcome.status);
  if (outcome.status == kNotFound)
    throw InputError(kDoing, "sbatch",
                     "is not on the PATH, expected a machine that submits to Slurm; the scripts are in " +
                         folder.string());
  SubmittedJobs submitted;
  std::istringstream lines(outcome.output);
  for (std::string name, number, line; std::getline(lines, line);)
    if (std::istringstream words(line);
        words >> name >> number && std::ranges::find(jobs, name, &SlurmJob::name) != jobs.end())
      submitted.emplace_back(name, number);
  if (outcome.status != 0) throw_refusal(outcome.output, submitted, jobs, settings);
  return submitted;
}

std::string table_of(const std::vector<SlurmJob>& jobs) {
  std::string table = fmt::format("{:<10} {:>5} {:>10} {:>10}", "job", "tasks", "memory", "time limit");
  for (const auto& job : jobs)
    table += fmt::format("\n{:<10} {:>5} {:>7.1f} GB {:>10}", job.name, job.tasks.size(), gigabytes(job),
                         slurm_time(job.seconds));
  return table;
}

Json to_json(const std::vector<SlurmJob>& jobs) {
  Json list = Json::array();
  for (const auto& job : jobs)
    list.push_back({{"job", job.name},
                    {"tasks", job.tasks.size()},
                    {"memory_bytes", job.memory_bytes},
                    {"seconds", job.seconds}});
  return list;
}

}  // namespace conceptune::cli
