// conceptune run --slurm with a stand-in for sbatch that runs each task at once, and with ones that refuse.
// tests/cluster/ has the real one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

/// Runs the tasks of the script, which is its last word, notes what it was called with, and numbers jobs
/// from 1.
constexpr const char* kRunsAtOnce = R"sh(#!/bin/bash
cd "$(dirname "$0")"
echo "$*" >> calls
number=$(wc -l < calls)
script=$OLDPWD/${!#}
tasks=$(sed -n 's/^#SBATCH --array=1-\([0-9]*\).*/\1/p' "$script")
for ((task = 1; task <= ${tasks:-1}; ++task)); do
  SLURM_ARRAY_TASK_ID=$task bash "$script" >> output 2>&1 || echo "task $task of $script failed" >> failures
done
echo "$number;cluster"
)sh";

/// Takes the first job and refuses the second, as Slurm does.
constexpr const char* kRefusesTheSecond = R"sh(#!/bin/bash
cd "$(dirname "$0")"
echo "$*" >> calls
if (($(wc -l < calls) == 1)); then echo 17; exit; fi
echo "sbatch: error: Memory specification can not be satisfied" >&2
echo "sbatch: error: Batch job submission failed: Requested node configuration is not available" >&2
exit 1
)sh";

class Slurm : public testing::Test {
 protected:
  void SetUp() override { CONCEPTUNE_REQUIRE_LANGUAGE_DATA(); }

  /// Puts a program of this name in front of the PATH.
  void stand_in(const std::string& name, const char* content) const {
    fs::create_directories(tiny_.path("bin"));
    tiny_.write("bin/" + name, content);
    fs::permissions(tiny_.path("bin") / name, fs::perms::owner_all);
  }
  test::ProgramResult run(const std::vector<std::string>& more,
                          const std::string& further_path = "/usr/bin:/bin") const {
    auto arguments = tiny_.arguments();
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string path = tiny_.path("bin").string() + ":" + further_path;
    return test::run_program_after([&] { ::setenv("PATH", path.c_str(), 1); }, arguments);
  }
  std::string content(const std::string& name) const {
    return fs::exists(tiny_.path(name)) ? read_file(tiny_.path(name), "") : "";
  }

  test::TinyExperiment tiny_;
};

TEST_F(Slurm, ItsJobsMakeWhatOneProcessMakes) {
  const test::TinyExperiment alone;
  ASSERT_EQ(alone.run().exit_code, 0);
  stand_in("sbatch", kRunsAtOnce);
  const auto result = run({"--slurm", "partition=cpu", "--workers", "2", "--submit"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output,
              HasSubstr("submitted  data as 1\nsubmitted  train as 2\nsubmitted  report as 3\n"));
  EXPECT_EQ(content("bin/calls"),
            "--parsable data.sh\n--parsable --dependency=afterany:1 train.sh\n"
            "--parsable --dependency=afterany:2 report.sh\n");
  EXPECT_EQ(content("bin/failures"), "") << content("bin/output");
  EXPECT_THAT(content("run/slurm/train.sh"), HasSubstr("#SBATCH --array=1-2%2\n"));
  EXPECT_EQ(tiny_.products(), alone.products());
  EXPECT_TRUE(fs::exists(tiny_.run_folder() / "report.html"));
  EXPECT_EQ(test::run_program({"verify", tiny_.run_folder().string()}).exit_code, 0);
  // Whatever is done is not submitted again.
  const auto again = run({"--slurm", "", "--json"});
  ASSERT_EQ(again.exit_code, 0) << again.errors;
  const Json told = Json::parse(again.output);
  ASSERT_EQ(told["jobs"].size(), 1u);
  EXPECT_EQ(told["jobs"][0]["job"], "report");
  EXPECT_FALSE(fs::exists(tiny_.run_folder() / "slurm/train.sh"));
}

TEST_F(Slurm, ARefusedJobTakesBackTheOthersAndIsTold) {
  stand_in("sbatch", kRefusesTheSecond);
  stand_in("scancel", "#!/bin/bash\necho \"$*\" >> \"$(dirname \"$0\")/cancelled\"\n");
  const auto result = run({"--slurm", "", "--submit"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(
      result.errors,
      testing::ContainsRegex(
          "submitting to Slurm: the job train, whose tasks ask for cpus-per-task=1 mem=[0-9]+M "
          "time=0:1[0-9]:00, was refused: Memory specification can not be satisfied; Batch job "
          "submission failed: Requested node configuration is not available; nothing is submitted\n"));
  EXPECT_EQ(content("bin/cancelled"), "17\n");
}

TEST_F(Slurm, WithoutSbatchTheScriptsAreThere) {
  const auto result = run({"--slurm", "", "--submit"}, "/nonexistent");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors,
              HasSubstr("submitting to Slurm: sbatch: is not on the PATH, expected a machine that "
                        "submits to Slurm; the scripts are in " +
                        (tiny_.run_folder() / "slurm").string()));
  EXPECT_TRUE(fs::exists(tiny_.run_folder() / "slurm/submit.sh"));
}

TEST_F(Slurm, OptionsThatContradictAreRefused) {
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--submit"},
                                               {"--slurm", "", "--worker"},
                                               {"--slurm", "", "--only", "train"}})
    EXPECT_EQ(run(more).exit_code, 2);
}

}  // namespace
}  // namespace conceptune
