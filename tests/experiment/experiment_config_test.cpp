#include "conceptune/experiment/experiment_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

struct ExperimentConfigTest : testing::Test {
  Experiment load(std::string_view toml, std::vector<std::string> settings = {}) {
    return load_experiment(folder.write("exp.toml", toml), settings);
  }
  /// The message of the error, with the folder's name left out.
  std::string problems(std::string_view toml, std::vector<std::string> settings = {}) {
    try {
      load(toml, std::move(settings));
    } catch (const InputError& error) {
      std::string text = error.what();
      const std::string prefix = folder.path().string() + "/";
      for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
        text.erase(at, prefix.size());
      return text;
    }
    return "no error";
  }
  std::vector<std::string> arm_names(const Experiment& experiment) {
    std::vector<std::string> names;
    for (const auto& arm : experiment.arms) names.push_back(arm.name);
    return names;
  }
  test::TemporaryFolder folder;
};

TEST_F(ExperimentConfigTest, PathsBelongToTheFolderOfTheFile) {
  const auto experiment = load("[model]\npath = \"../m.gguf\"\n");
  EXPECT_EQ(experiment.shared.model.path, folder.path().parent_path() / "m.gguf");
  EXPECT_EQ(experiment.shared.name, "exp");
  EXPECT_EQ(experiment.shared.output, folder.path() / "runs" / "exp");
}

TEST_F(ExperimentConfigTest, SettingsComeOnTop) {
  const auto experiment = load("name = \"a\"\n[model]\npath = \"m\"\n", {"name=b", "model.path=/n"});
  EXPECT_EQ(experiment.shared.name, "b");
  EXPECT_EQ(experiment.shared.model.path, "/n");
}

TEST_F(ExperimentConfigTest, AllProblemsAreToldAtOnce) {
  EXPECT_EQ(
      problems("nane = \"a\"\noutput = 3\n[model]\npath = true\n[modle]\npath = \"m\"\n", {"model.pth=x"}),
      "reading config: 5 problems\n"
      "  exp.toml, line 1: unknown key 'nane', did you mean 'name'?\n"
      "  exp.toml, line 2: output is 3, expected a path\n"
      "  exp.toml, line 4: model.path is true, expected a path\n"
      "  exp.toml, line 6: unknown key 'modle.path', did you mean 'model.path'?\n"
      "  --set model.pth=x: unknown key 'model.pth', did you mean 'model.path'?");
}

TEST_F(ExperimentConfigTest, TheGridIsRunInAllCombinations) {
  const auto experiment =
      load("[grid]\ncorpus.text_key = [\"a\", \"b\"]\nmodel.path = [\"x/m.gguf\", \"x/n.gguf\"]\n");
  EXPECT_THAT(arm_names(experiment), testing::ElementsAre("text_key a, path m", "text_key a, path n",
                                                          "text_key b, path m", "text_key b, path n"));
  EXPECT_EQ(experiment.arms[2].config.corpus.text_key, "b");
  EXPECT_EQ(experiment.arms[2].config.model.path, folder.path() / "x/m.gguf");
  EXPECT_EQ(experiment.arms[2].varied[0].first, "corpus.text_key");
}

TEST_F(ExperimentConfigTest, ArmsAreRunAlongTheGridExceptWhereTheySetItsKeys) {
  const auto experiment = load(
      "[grid]\ncorpus.text_key = [\"a\", \"b\"]\n[[arms]]\nname = \"first\"\n[[arms]]\nname = "
      "\"second\"\nmodel.path = "
      "\"m\"\n"
      "[[arms]]\nname = \"third\"\n");
  EXPECT_THAT(arm_names(experiment),
              testing::ElementsAre("first, text_key a", "first, text_key b", "second, text_key a",
                                   "second, text_key b", "third, text_key a", "third, text_key b"));
  EXPECT_EQ(experiment.arms[3].group, "second");
}

TEST_F(ExperimentConfigTest, ValuesOfTheGridAreCalledByNamesOrByTheirFiles) {
  const std::string grid = "[grid]\ncorpus.files = [[\"x/c4.json.gz\", \"x/more.txt\"], [\"x/owt.jsonl\"]]\n";
  EXPECT_THAT(arm_names(load(grid)), testing::ElementsAre("files c4+more", "files owt"));
  const std::string named = grid + "[grid_names]\ncorpus.files = [\"C4\", \"OpenWebText\"]\n";
  EXPECT_THAT(arm_names(load(named)), testing::ElementsAre("C4", "OpenWebText"));
  EXPECT_EQ(load(named).arms[1].labels.at("corpus.files"), "OpenWebText");
  EXPECT_THAT(arm_names(load(named + "[[arms]]\nname = \"a\"\ngrid.corpus.files = [[\"x/owt.jsonl\"], "
                                     "[\"y.txt\"]]\n")),
              testing::ElementsAre("a, OpenWebText", "a, files y"));
  EXPECT_THAT(problems(grid + "[grid_names]\ncorpus.files = [\"C4\"]\n"),
              testing::HasSubstr("line 4: grid_names.corpus.files is [\"C4\"], expected 2 different names"));
  EXPECT_THAT(problems(grid + "[grid_names]\ncorpus.seed = [\"C4\"]\n"), testing::HasSubstr("not in [grid]"));
}

TEST_F(ExperimentConfigTest, ArmsMayHaveValuesOfTheirOwnAlongTheGrid) {
  const auto experiment = load(
      "[grid]\ntraining.seed = [1, 2, 3]\n[[arms]]\nname = \"a\"\n[[arms]]\nname = \"b\"\ngrid.training.seed "
      "= "
      "[7]\ngrid.training.epochs = [1, 2]\n");
  EXPECT_THAT(arm_names(experiment),
              testing::ElementsAre("a, seed 1", "a, seed 2", "a, seed 3", "b, epochs 1", "b, epochs 2"));
  EXPECT_EQ(experiment.arms[4].config.training.seed, 7);
  EXPECT_EQ(experiment.arms[0].condition, "a");
  EXPECT_EQ(experiment.arms[4].condition, "b, epochs 2");
  EXPECT_THAT(problems("[[arms]]\nname = \"a\"\ngrid.training.epoch = [1]\n"),
              testing::HasSubstr("line 3: unknown key 'training.epoch'"));
}

TEST_F(ExperimentConfigTest, PresetsComeBeforeWhatTheFileSets) {
  const auto experiment = load(
      "[training]\nlora.dropout = 0.05\n[[arms]]\nname = \"paper\"\n[[arms]]\nname = \"theirs\"\npreset = "
      "\"authors\"\ntraining.epochs = 2\n");
  EXPECT_EQ(experiment.arms[0].config.training.batch.passages, 2);
  const auto& theirs = experiment.arms[1].config.training;
  EXPECT_EQ(theirs.objective.loss.name(), "blended");
  EXPECT_EQ(theirs.batch.accumulation, 2);
  EXPECT_EQ(theirs.lora.dropout, 0.05);
  EXPECT_EQ(theirs.epochs, 2);
  EXPECT_EQ(load("preset = \"authors\"\n").shared.training.batch.passages, 8);
  EXPECT_THAT(problems("preset = \"author\"\n"),
              testing::HasSubstr("line 1: preset is \"author\", expected one of paper, authors"));
}

TEST_F(ExperimentConfigTest, WithoutGridAndArmsThereIsOneArm) {
  EXPECT_THAT(arm_names(load("name = \"a\"\n")), testing::ElementsAre("trained"));
}

TEST_F(ExperimentConfigTest, RefusesMalformedGridsAndArms) {
  EXPECT_EQ(problems("[grid]\ncorpus.text_key = \"a\"\n"),
            "reading config: exp.toml, line 2: grid.corpus.text_key is \"a\", expected a list of values");
  EXPECT_EQ(problems("[grid]\ncorpus.text_key = [1]\n"),
            "reading config: exp.toml, line 2: corpus.text_key is 1, expected a string");
  EXPECT_THAT(problems("[grid]\ncorpus.test_key = [1]\n"),
              testing::HasSubstr("did you mean 'corpus.text_key'?"));
  EXPECT_EQ(problems("[[arms]]\ncorpus.text_key = \"a\"\n"), "reading config: exp.toml: arm 1 has no name");
  EXPECT_EQ(problems("[[arms]]\nname = \"a\"\n[[arms]]\nname = \"a\"\n"),
            "reading config: exp.toml: the name 'a' is another arm's or the base model's, expected a "
            "different one");
  EXPECT_THAT(problems("arms = 3\n"), testing::HasSubstr("unknown key 'arms'"));
}

TEST_F(ExperimentConfigTest, ArmsCannotDifferInWhatIsOfTheWholeExperiment) {
  EXPECT_EQ(problems("[grid]\nthreads = [1, 2]\n"),
            "reading config: exp.toml, line 2: threads is of the whole experiment; arms cannot differ in it");
  EXPECT_EQ(problems("[[arms]]\nname = \"a\"\noutput = \"b\"\n"),
            "reading config: exp.toml, line 3: output is of the whole experiment; arms cannot differ in it");
  EXPECT_EQ(problems("[grid]\nname = [\"a\", \"b\"]\n"),
            "reading config: exp.toml, line 2: name is of the whole experiment; arms cannot differ in it");
}

TEST_F(ExperimentConfigTest, OptionsThatDoNotGoTogetherAreToldAtTheirLineOnce) {
  EXPECT_EQ(problems("[corpus]\nlonger_than = 100\nshorter_than = 101\n[grid]\ntraining.seed = [1, 2]\n"),
            "reading config: exp.toml, line 3: corpus.shorter_than is 101, which leaves no length above "
            "longer_than = "
            "100");
  EXPECT_THAT(problems("[training.optimizer]\nlearning_rate = inf\n"), testing::HasSubstr("line 2"));
  EXPECT_THAT(problems("[training.optimizer]\nlearning_rate = nan\n"),
              testing::HasSubstr("expected a number"));
  EXPECT_THAT(problems("[[arms]]\nname = \"base\"\n"), testing::HasSubstr("the base model's"));
}

TEST_F(ExperimentConfigTest, PrintedTomlReadsBackToItself) {
  const auto experiment = load(
      "name = \"q \\\"x\\\"\"\n[model]\npath = \"m\"\n[grid]\nmodel.path = [\"m\", \"n\"]\n[[arms]]\nname = "
      "\"c\"\n"
      "corpus.text_key = \"elsewhere\"\n");
  const test::TemporaryFolder elsewhere;
  const auto again = load_experiment(elsewhere.write("other.toml", experiment.toml));
  EXPECT_EQ(again.toml, experiment.toml);
  EXPECT_EQ(again.arms.size(), 2u);
  EXPECT_EQ(again.arms[1].config.model.path, folder.path() / "n");
}

TEST_F(ExperimentConfigTest, PrintedTablesReadBackToThemselves) {
  const auto experiment = load(
      "preset = \"authors\"\n[model]\npath = \"m\"\n[corpus]\nfiles = [\"c.txt\"]\n[grid]\ntraining.seed = "
      "[1, "
      "2]\n[grid_names]\ntraining.seed = [\"one\", \"two\"]\n[[arms]]\nname = \"a\"\n[[arms]]\nname = "
      "\"b\"\npreset = \"paper\"\ngrid.training.seed = [2]\ntraining.objective.concept_weight = "
      "0.0\n[[corpora]]\nfiles = [\"d.txt\"]\n[[questions]]\nname = \"q\"\narms = [\"a\"]\nminus = "
      "[\"b\"]\n");
  const test::TemporaryFolder elsewhere;
  const auto again = load_experiment(elsewhere.write("other.toml", experiment.toml));
  ASSERT_EQ(again.arms.size(), experiment.arms.size());
  for (std::size_t i = 0; i < again.arms.size(); ++i) {
    EXPECT_EQ(again.arms[i].name, experiment.arms[i].name);
    EXPECT_EQ(options_to_json(again.arms[i].config), options_to_json(experiment.arms[i].config));
  }
  EXPECT_EQ(again.corpora.at(0).options.files, experiment.corpora.at(0).options.files);
  EXPECT_EQ(again.questions.at(0).settings.minus, experiment.questions.at(0).settings.minus);
  EXPECT_EQ(again.toml, experiment.toml);
}

TEST(DocumentConfiguration, ThePageInDocsIsCurrent) {
  EXPECT_EQ(read_file(test::source("docs/configuration.md"), "reading"), document_configuration() + "\n")
      << "make it anew: conceptune check --keys > docs/configuration.md";
}

TEST(Configs, AreSoundAndSayHowToRunThem) {
  int configs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::source("configs"))) {
    if (entry.path().extension() != ".toml") continue;
    ++configs;
    EXPECT_NO_THROW(load_experiment(entry.path())) << entry.path();
    const std::string text = read_file(entry.path(), "reading");
    EXPECT_TRUE(text.starts_with("# ")) << entry.path();
    EXPECT_THAT(text, testing::HasSubstr("conceptune run configs/" + entry.path().filename().string()));
  }
  EXPECT_GE(configs, 3);
}

}  // namespace
}  // namespace conceptune::experiment
