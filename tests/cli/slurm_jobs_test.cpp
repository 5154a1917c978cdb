#include "cli/slurm_jobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/refusal.h"

namespace conceptune::cli {
namespace {

using experiment::PlannedStage;
using experiment::StageState;
using testing::HasSubstr;
using testing::Not;

std::vector<PlannedStage> stages(StageState data, StageState first_arm, StageState second_arm) {
  return {{"corpus", "text", "a", data},
          {"annotate", "text training", "b", data},
          {"annotate", "text held-out", "c", data},
          {"train", "λ 0.0", "d", first_arm},
          {"train", "it's λ 1.0", "e", second_arm},
          {"evaluate", "model", "f", StageState::waiting}};
}

experiment::ExperimentEstimate estimate() {
  experiment::ExperimentEstimate estimate;
  const auto add = [&](const char* stage, const char* subject, double high) {
    estimate.stages.push_back({.stage = stage, .subject = subject, .seconds = {high / 2, high}});
  };
  add("annotate", "", 600);
  add("train", "λ 0.0", 1200);
  add("train", "it's λ 1.0", 3600);
  add("evaluate", "model", 60);
  add("similarity", "model", 40);
  estimate.peak_memory_bytes = 4'000'000'000;
  return estimate;
}

std::vector<std::string> names(const std::vector<SlurmJob>& jobs) {
  std::vector<std::string> names;
  for (const auto& job : jobs) names.push_back(job.name);
  return names;
}

TEST(SlurmJobs, FollowThePlan) {
  const auto jobs = plan_slurm_jobs(stages(StageState::waiting, StageState::waiting, StageState::being_made),
                                    estimate(), {});
  EXPECT_EQ(names(jobs), (std::vector<std::string>{"data", "train", "report"}));
  EXPECT_EQ(jobs[0].tasks.size(), 2u);
  const std::vector<std::vector<std::string>> arms = {
      {"--worker", "--only", "train", "--only", "λ 0.0"},
      {"--worker", "--only", "train", "--only", "it's λ 1.0"}};
  EXPECT_EQ(jobs[1].tasks, arms);
  EXPECT_EQ(jobs[2].tasks, std::vector<std::vector<std::string>>{{}});
  EXPECT_FALSE(jobs[2].is_array);
}

TEST(SlurmJobs, LeaveOutWhatIsDone) {
  const auto trained =
      plan_slurm_jobs(stages(StageState::done, StageState::done, StageState::done), estimate(), {});
  EXPECT_EQ(names(trained), std::vector<std::string>{"report"});
  const auto one_arm =
      plan_slurm_jobs(stages(StageState::done, StageState::waiting, StageState::done), estimate(), {});
  EXPECT_EQ(names(one_arm), (std::vector<std::string>{"train", "report"}));
  EXPECT_EQ(one_arm[0].tasks.size(), 1u);
  EXPECT_EQ(one_arm[0].seconds, 1.5 * 1200 + 600);  // of the arm that is left
}

TEST(SlurmJobs, AskForTheEstimateWithAMargin) {
  SlurmSettings settings;
  const auto waiting = stages(StageState::waiting, StageState::waiting, StageState::waiting);
  auto jobs = plan_slurm_jobs(waiting, estimate(), settings);
  EXPECT_EQ(jobs[0].seconds, 1.5 * 600 + 600);
  EXPECT_EQ(jobs[1].seconds, 1.5 * 3600 + 600);
  EXPECT_EQ(jobs[2].seconds, 1.5 * 100 + 600);
  EXPECT_EQ(jobs[1].memory_bytes, 6'000'000'000);
  settings.threads = 4;  // of 16 that were measured with
  settings.measured_threads = 16;
  jobs = plan_slurm_jobs(waiting, estimate(), settings);
  EXPECT_EQ(jobs[1].seconds, 4 * 1.5 * 3600 + 600);
}

TEST(SlurmJobs, ScriptsSayWhatIsAskedFor) {
  const SlurmJob job{"train", {{"--worker"}, {"--only", "it's"}}, true, 1230, 2'000'000'000};
  SlurmSettings settings{{"partition=cpu"}, 3, 8, 8};
  const SlurmPlaces places{"/opt/it's/conceptune", "/data/run 1/slurm/config.toml", "/data/50% \"run\"/logs"};
  const std::string script = slurm_script(job, settings, places);
  for (const char* line :
       {"#!/bin/bash\n", "\n#SBATCH --array=1-2%3\n", "\n#SBATCH --cpus-per-task=8\n",
        "\n#SBATCH --mem=1908M\n", "\n#SBATCH --time=0:21:00\n", "\n#SBATCH --partition=cpu\n",
        "\n#SBATCH --output=\"/data/50%% \\\"run\\\"/logs/slurm-train-%A_%a.log\"\n",
        "\nexec '/opt/it'\\''s/conceptune' run '/data/run 1/slurm/config.toml' "})
    EXPECT_THAT(script, HasSubstr(line));
  settings.options = {"mem-per-cpu=2G", "time=1:00:00", "cpus-per-task=4"};
  const std::string asked = slurm_script(job, settings, places);
  EXPECT_THAT(asked, HasSubstr("#SBATCH --mem-per-cpu=2G\n#SBATCH --time=1:00:00\n"));
  EXPECT_THAT(asked, Not(HasSubstr("--mem=")));
  EXPECT_THAT(asked, Not(HasSubstr("--time=0:21:00")));
  EXPECT_THAT(asked, Not(HasSubstr("--cpus-per-task=8")));
}

TEST(SlurmJobs, TimesAreWholeMinutes) {
  EXPECT_EQ(slurm_time(1), "0:01:00");
  EXPECT_EQ(slurm_time(3600), "1:00:00");
  EXPECT_EQ(slurm_time(100 * 3600 + 61), "100:02:00");
}

TEST(SlurmJobs, OptionsAreSbatchsOwn) {
  EXPECT_EQ(parse_slurm_options(" partition=cpu  --account=me exclusive "),
            (std::vector<std::string>{"partition=cpu", "account=me", "exclusive"}));
  EXPECT_TRUE(parse_slurm_options("").empty());
  const auto refusal = [](const char* text) { return test::refusal_of([&] { parse_slurm_options(text); }); };
  EXPECT_EQ(refusal("Mem=3"),
            "--slurm: Mem=3: expected sbatch's long options as NAME=VALUE, e.g. 'partition=cpu account=me'");
  for (const char* text : {"---", "-p cpu"})
    EXPECT_THAT(refusal(text), HasSubstr("expected sbatch's long options"));
  EXPECT_EQ(refusal("partition=cpu array=1-9"),
            "--slurm: array=1-9: is decided by the plan, expected another option");
}

}  // namespace
}  // namespace conceptune::cli
