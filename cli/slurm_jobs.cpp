#include "cli/slurm_jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <string_view>

#include "cli/shell_words.h"
#include "conceptune/base/error.h"

namespace conceptune::cli {
namespace {

// A limit that is too low loses work; one that is too high only waits longer.
constexpr double kTimeMargin = 1.5;
constexpr double kSecondsToBegin = 600;
constexpr double kMemoryMargin = 1.25;
constexpr double kBytesBesidesModel =
    1e9;  // the program, the English pipeline, a dictionary, files in memory
constexpr double kMebibyte = 1 << 20;

const std::set<std::string_view> kOwnOptions = {"array",  "dependency", "error",    "input",   "job-name",
                                                "output", "open-mode",  "parsable", "requeue", "no-requeue",
                                                "signal", "wrap",       "chdir"};
constexpr std::string_view kMemoryOptions[] = {"mem", "mem-per-cpu", "mem-per-gpu"};

constexpr const char* kSubmitHead = R"sh(#!/bin/bash
# Made by `conceptune run --slurm`. Submits the jobs beside it, all or none, and prints their numbers. Each begins when
# the one before has ended, well or not: it makes what that one left.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
submitted=() after=()
trap '((${#submitted[@]} == 0)) || scancel "${submitted[@]}"' ERR
)sh";
constexpr const char* kSubmitLoop = R"sh(  number=$(sbatch --parsable "${after[@]}" "$job.sh")
  number=${number%%;*}
  submitted+=("$number")
  after=("--dependency=afterany:$number")
  echo "$job $number"
done
)sh";

std::string name_of_option(const std::string& option) { return option.substr(0, option.find('=')); }

bool names_option(const SlurmSettings& settings, std::string_view name) {
  return std::ranges::any_of(settings.options,
                             [&](const auto& option) { return name_of_option(option) == name; });
}

/// A file's name in a line of sbatch's, where % begins a placeholder.
std::string batch_quoted(std::string_view path) {
  std::string quoted;
  for (const char c : path) {
    if (c == '%') quoted += '%';
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted;
}

double seconds_of(const experiment::ExperimentEstimate& estimate, const std::set<std::string>& stages) {
  double seconds = 0;
  for (const auto& stage : estimate.stages)
    if (stages.contains(stage.stage)) seconds += stage.seconds.high;
  return seconds;
}

/// The longest of the arms: all tasks of an array ask for the same.
double longest_arm(const experiment::ExperimentEstimate& estimate, const std::set<std::string>& arms) {
  double seconds = 0;
  for (const auto& stage : estimate.stages)
    if (stage.stage == "train" && arms.contains(stage.subject))
      seconds = std::max(seconds, stage.seconds.high);
  return seconds;
}

bool is_data(const experiment::PlannedStage& stage) {
  return stage.stage != "train" && stage.stage != "evaluate";
}

}  // namespace

std::vector<std::string> parse_slurm_options(const std::string& text) {
  std::vector<std::string> options;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::string option = word.substr(std::min(word.size(), word.find_first_not_of('-')));
    const std::string name = name_of_option(option);
    const bool is_name =
        name.size() > 1 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == name.npos;
    if (!is_name)
      throw InputError("--slurm", word,
                       "expected sbatch's long options as NAME=VALUE, e.g. 'partition=cpu account=me'");
    if (kOwnOptions.contains(name))
      throw InputError("--slurm", word, "is decided by the plan, expected another option");
    options.push_back(option);
  }
  return options;
}

std::vector<SlurmJob> plan_slurm_jobs(const std::vector<experiment::PlannedStage>& stages,
                                      const experiment::ExperimentEstimate& estimate,
                                      const SlurmSettings& settings) {
  std::vector<std::vector<std::string>> arms;
  std::size_t data_tasks = 0;
  bool needs_data = false;
  std::set<std::string> arm_names;
  for (const auto& stage : stages) {
    if (stage.state == experiment::StageState::done) continue;
    needs_data |= is_data(stage);
    data_tasks += stage.stage == "annotate" ? static_cast<std::size_t>(stage.parts) : 0;
    if (stage.stage != "train") continue;
    arms.push_back({"--worker", "--only", "train", "--only", stage.subject});
    arm_names.insert(stage.subject);
  }
  const double pace = static_cast<double>(settings.measured_threads) / std::max(1, settings.threads);
  const auto limit = [&](double seconds) { return kTimeMargin * pace * seconds + kSecondsToBegin; };
  const auto memory = static_cast<std::int64_t>(
      kMemoryMargin * static_cast<double>(estimate.peak_memory_bytes) + kBytesBesidesModel);
  std::vector<SlurmJob> jobs;
  const std::vector<std::string> any_data = {"--worker", "--only", "annotate"};
  if (needs_data)
    jobs.push_back({"data", std::vector(std::max<std::size_t>(1, data_tasks), any_data), true,
                    limit(seconds_of(estimate, {"annotate"})), memory});
  if (!arms.empty()) jobs.push_back({"train", arms, true, limit(longest_arm(estimate, arm_names)), memory});
  jobs.push_back({"report", {{}}, false, limit(seconds_of(estimate, {"evaluate", "similarity"})), memory});
  return jobs;
}

std::string slurm_time(double seconds) {
  const auto minutes = static_cast<std::int64_t>(std::ceil(seconds / 60));
  return fmt::format("{}:{:02}:00", minutes / 60, minutes % 60);
}

std::vector<std::string> slurm_requests(const SlurmJob& job, const SlurmSettings& settings) {
  std::vector<std::string> requests;
  if (!names_option(settings, "cpus-per-task"))
    requests.push_back(fmt::format("cpus-per-task={}", settings.threads));
  if (std::ranges::none_of(kMemoryOptions, [&](auto name) { return names_option(settings, name); }))
    requests.push_back(
        fmt::format("mem={:.0f}M", std::ceil(static_cast<double>(job.memory_bytes) / kMebibyte)));
  if (!names_option(settings, "time")) requests.push_back("time=" + slurm_time(job.seconds));
  requests.insert(requests.end(), settings.options.begin(), settings.options.end());
  return requests;
}

std::string slurm_script(const SlurmJob& job, const SlurmSettings& settings, const SlurmPlaces& places) {
  std::string text =
      "#!/bin/bash\n# Made by `conceptune run --slurm`; submit.sh says in which order it is submitted.\n";
  const auto add = [&](const std::string& option) { text += "#SBATCH --" + option + "\n"; };
  add(fmt::format("job-name=conceptune-{}", job.name));
  if (job.is_array)
    add(fmt::format("array=1-{}{}", job.tasks.size(),
                    settings.at_once > 0 ? fmt::format("%{}", settings.at_once) : ""));
  add(fmt::format("output=\"{}/slurm-{}-{}.log\"", batch_quoted(places.logs), job.name,
                  job.is_array ? "%A_%a" : "%j"));
  add("open-mode=append");  // what a requeued task had said stays
  add("requeue");
  add("signal=B:TERM@120");  // a checkpoint before the time is up
  for (const auto& request : slurm_requests(job, settings)) add(request);
  text += fmt::format("export OMP_NUM_THREADS=\"${{SLURM_CPUS_PER_TASK:-{}}}\"\n", settings.threads);
  text += "tasks=(\n";
  for (const auto& words : job.tasks) {
    std::vector<std::string> quoted(words.size());
    std::ranges::transform(words, quoted.begin(), shell_word);
    text += fmt::format("  {}\n", shell_word(fmt::format("{}", fmt::join(quoted, " "))));
  }
  text += ")\neval \"words=(${tasks[${SLURM_ARRAY_TASK_ID:-1} - 1]})\"\n";
  // In the shell's place, so that Slurm's signals reach it.
  return text + fmt::format("exec {} run {} \"${{words[@]}}\"\n", shell_word(places.program),
                            shell_word(places.config));
}

std::string submit_script(const std::vector<SlurmJob>& jobs) {
  std::string names;
  for (const auto& job : jobs) names += " " + job.name;
  return std::string(kSubmitHead) + "for job in" + names + "; do\n" + kSubmitLoop;
}

}  // namespace conceptune::cli
