// A run's adapters under the names of its arms.
#include "conceptune/experiment/arm_adapters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "conceptune/base/product.h"
#include "conceptune/corpus/passage.h"
#include "conceptune/corpus/passage_ids.h"
#include "conceptune/runtime/model/lora.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Arms = std::vector<ArmAdapter>;

/// A training run with an adapter, as products of a run are.
fs::path train_in(const fs::path& folder) {
  const auto config = test::small_config();
  const model::LoraAdapter adapter(config, {.rank = 2, .targets = {"q_proj"}}, 1);
  fs::create_directories(folder);
  model::save_adapter(folder / "best", adapter, "base.gguf", "Best of the run.");
  corpus::write_passage_ids(folder / corpus::kTrainedPassagesFile, {corpus::passage_id("a text")});
  return folder / "best";
}

std::string read(const fs::path& path) { return read_file(path, "testing"); }

TEST(ArmAdapters, AreCalledWhatTheirArmsAre) {
  const std::vector<std::string> arms = {"λ 0.5", "words-only, λ 0.5", "a/b", "a b", "..", " -x- "};
  EXPECT_EQ(folder_names(arms),
            (std::vector<std::string>{"λ-0.5", "words-only-λ-0.5", "a-b", "a-b-2", "arm", "x"}));
}

TEST(ArmAdapters, StandAlone) {
  const test::TemporaryFolder folder;
  const fs::path run = folder.path() / "run", trained = train_in(run / "products" / "train-1");
  EXPECT_EQ(publish_adapters(run, Arms{{"λ 0.5", trained, "org/base", "All is well.\n"}}), run / "adapters");
  const fs::path moved = folder.path() / "moved";
  fs::rename(run / "adapters" / "λ-0.5", moved);
  fs::remove_all(run);

  EXPECT_EQ(read_json_file(moved / "adapter_config.json", "testing")["base_model_name_or_path"], "org/base");
  EXPECT_NE(model::load_adapter(moved, test::small_config())->find(0, model::Projection::q), nullptr);
  EXPECT_EQ(corpus::read_passage_ids(moved / corpus::kTrainedPassagesFile).size(), 1u);
  EXPECT_THAT(read(moved / "README.md"),
              HasSubstr("# Adapter for org/base\nBest of the run.\n\n## Evaluation\nAll is well.\n"));
  check_manifest(moved, "testing");
}

TEST(ArmAdapters, LeaveTheRunsProductsAsTheyAre) {
  const test::TemporaryFolder folder;
  const fs::path run = folder.path() / "run", trained = train_in(run / "products" / "train-1");
  const auto before = list_files(run / "products");
  for (const char* evaluation : {"", "Later.\n"})
    publish_adapters(run, Arms{{"a", trained, "org/base", evaluation}});
  EXPECT_EQ(list_files(run / "products"), before);
  EXPECT_THAT(read(run / "adapters" / "a" / "README.md"), HasSubstr("Later."));
}

TEST(ArmAdapters, AreReplacedAndNothingElseIs) {
  const test::TemporaryFolder folder;
  const fs::path run = folder.path() / "run", trained = train_in(run / "products" / "1"),
                 model = run / "products" / "2";
  fs::create_directories(model);
  publish_adapters(run, Arms{{"old", trained, "b"}, {"kept", trained, "b"}, {"full", model, "b"}});
  EXPECT_TRUE(fs::is_symlink(run / "adapters" / "full"));
  EXPECT_EQ(fs::canonical(run / "adapters" / "full"), fs::canonical(model));
  write_file_atomically(run / "adapters" / "kept" / "notes.txt", "mine");
  fs::copy(run / "adapters" / "old", run / "adapters" / "mine");
  publish_adapters(run, Arms{{"kept", trained, "other"}, {"mine", trained, "other"}});

  const auto base_of = [&](const char* arm) {
    return read_json_file(run / "adapters" / arm / "adapter_config.json",
                          "testing")["base_model_name_or_path"];
  };
  EXPECT_FALSE(fs::exists(run / "adapters" / "old"));
  EXPECT_FALSE(fs::exists(fs::symlink_status(run / "adapters" / "full")));
  EXPECT_EQ(base_of("kept"), "other");
  EXPECT_EQ(base_of("mine"), "b");  // a copy that somebody made
  EXPECT_EQ(read(run / "adapters" / "kept.kept-1" / "notes.txt"), "mine");
}

}  // namespace
}  // namespace conceptune::experiment
