#include "conceptune/experiment/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

using testing::Contains;
using testing::HasSubstr;

Experiment experiment_with(const RunConfig& config) {
  Experiment experiment;
  experiment.shared = config;
  experiment.arms.push_back({"a", "", config, {}});
  experiment.arms.push_back({"b", "", config, {}});
  return experiment;
}

TEST(FindInputProblems, TellsEachProblemOnce) {
  RunConfig config;
  const test::TemporaryFolder folder;
  config.output = folder.path() / "run";
  config.model.path = "/none/model.gguf";
  config.corpus.files = {"/none/corpus.txt"};
  config.annotation.english_pipeline = "/none/pipeline";
  config.annotation.options.wordnet.folder = "/none/wordnet";
  config.evaluation.benchmarks = {"/none/pairs.tsv"};
  const auto problems = find_input_problems(experiment_with(config));
  EXPECT_EQ(problems.size(), 5u);
  for (const char* path :
       {"/none/model.gguf", "/none/corpus.txt", "/none/pipeline", "/none/wordnet", "/none/pairs.tsv"})
    EXPECT_THAT(problems, Contains(HasSubstr(path)));
}

TEST(FindInputProblems, SaysWhatIsNotSet) {
  RunConfig config;
  config.annotation.english_pipeline = "/none";
  const auto problems = find_input_problems(experiment_with(config));
  EXPECT_THAT(problems, Contains("model.path: not set, expected a GGUF file or a model folder"));
  EXPECT_THAT(problems, Contains("corpus.files: not set, expected at least one file"));
}

TEST(RunExperiment, MakesNothingWhenInputsAreMissing) {
  const test::TemporaryFolder folder;
  RunConfig config;
  config.output = folder.path() / "run";
  EXPECT_THROW(run_experiment(experiment_with(config), {}), InputError);
  EXPECT_FALSE(std::filesystem::exists(config.output));
}

}  // namespace
}  // namespace conceptune::experiment
