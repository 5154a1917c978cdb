#include "conceptune/experiment/store.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

struct RunStoreTest : testing::Test {
  test::TemporaryFolder folder;
  RunStore open(RunStore::Access access = RunStore::Access::read_write) { return {folder.path(), access}; }
};

TEST_F(RunStoreTest, ProductsAreFoundByTheirKeyInAnotherPlaceToo) {
  open().add_product(
      {"k1", "train", folder.path() / "products" / "train-k1", {{"epochs", 3}}, {{"best/a", {12, "ab"}}}});
  const auto found = open(RunStore::Access::read_only).find_product("k1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->folder, folder.path() / "products" / "train-k1");
  EXPECT_EQ(found->recipe["epochs"], 3);
  EXPECT_EQ(found->files, (FileList{{"best/a", {12, "ab"}}}));
  const test::TemporaryFolder elsewhere;
  std::filesystem::copy(folder.path() / "run.sqlite", elsewhere.path() / "run.sqlite");
  EXPECT_EQ(RunStore(elsewhere.path(), RunStore::Access::read_only).find_product("k1")->folder,
            elsewhere.path() / "products" / "train-k1");
  open().forget_product("k1");
  EXPECT_FALSE(open().find_product("k1"));
}

TEST_F(RunStoreTest, ResultsComeBackAsTheyWere) {
  Results results;
  results.arms = {{"arm", "g", "SmolLM2", "paper", 0.5, {{"training.concept_weight", 0.5}}, {{"name", "q"}}}};
  evaluation::Results evaluated;
  evaluated.subjects = {{"base", "/m.gguf", "ab"}, {"arm", "/adapter", "cd"}};
  for (const auto& [benchmark, value] :
       {std::pair("simlex999", evaluation::Statistic::of(0.25)),
        std::pair("constant", evaluation::Statistic::undefined("all scores are equal"))}) {
    auto& measurement = evaluated.measurements.emplace_back();
    measurement.subject = "arm";
    measurement.benchmark = benchmark;
    measurement.metric = "spearman";
    measurement.value = value;
    if (value.value) measurement.interval = evaluation::Interval{0.2, 0.3};
  }
  results.evaluations = {{"SmolLM2", evaluated}};
  results.losses = {{"arm", "train", "total", 3, 4.5}};
  results.examples = {{"a big dog", {{2, 5, "big", "ADJ", {"large", "huge"}}}}};
  {
    RunStore store = open();
    store.replace_results({{{"old", "", "old", "paper", 0, {}, {}}}, {}, {}, {}});
    store.replace_results(results);
  }
  const Results read = open(RunStore::Access::read_only).results();
  ASSERT_EQ(read.arms.size(), 1u);
  EXPECT_EQ(read.arms[0].concept_weight, 0.5);
  EXPECT_EQ(read.arms[0].varied["training.concept_weight"], 0.5);
  ASSERT_EQ(read.evaluations.size(), 1u);
  const auto* undefined = read.evaluations[0].results.find("arm", "constant", "spearman");
  ASSERT_NE(undefined, nullptr);
  EXPECT_EQ(undefined->value.undefined_because, "all scores are equal");
  EXPECT_EQ(read.evaluations[0].results.find("arm", "simlex999", "spearman")->interval->low, 0.2);
  EXPECT_EQ(read.losses[0].step, 3);
  EXPECT_EQ(read.examples[0].words[0].synonyms[1], "huge");
}

TEST_F(RunStoreTest, TakesOverWhatAWorkingCopyLearnt) {
  const auto product = [](const std::string& key, std::int64_t bytes) {
    return Product{key, "corpus", {}, {{"a", 1}}, {{"data", {bytes, "hash"}}}};
  };
  const auto in_folder = [&](RunStore& store, Product of_key) {
    of_key.folder = store.product_folder(of_key.stage, of_key.key);
    return of_key;
  };
  RunStore store = open();
  for (const char* key : {"kept", "changed", "forgotten"})
    store.add_product(in_folder(store, product(key, 1)));
  store.add_stage_run({"corpus", "kept", "", 1, "done", ""});
  RunStore copy = RunStore::working_copy(folder.path());
  EXPECT_EQ(copy.products().size(), 3U);
  copy.add_product(in_folder(copy, product("changed", 2)));
  copy.add_product(in_folder(copy, product("new", 3)));
  copy.forget_product("forgotten");
  copy.add_stage_run({"corpus", "new", "", 1, "done", ""});
  copy.note_hash("/file", 1, 2, "hash");
  // What another process put there meanwhile stays.
  store.add_product(in_folder(store, product("others", 4)));
  store.take_over(copy);
  std::map<std::string, std::int64_t> bytes;
  for (const auto& known : store.products()) bytes[known.key] = known.files.at("data").bytes;
  EXPECT_EQ(bytes,
            (std::map<std::string, std::int64_t>{{"changed", 2}, {"kept", 1}, {"new", 3}, {"others", 4}}));
  EXPECT_EQ(store.stage_runs().size(), 2U);
  EXPECT_EQ(store.known_hash("/file", 1, 2), "hash");
}

TEST_F(RunStoreTest, RemembersHashesOfUnchangedFiles) {
  RunStore store = open();
  store.note_hash("/m.gguf", 10, 111, "abc");
  EXPECT_EQ(store.known_hash("/m.gguf", 10, 111), "abc");
  EXPECT_EQ(store.known_hash("/m.gguf", 10, 112), std::nullopt);
  EXPECT_EQ(store.known_hash("/m.gguf", 11, 111), std::nullopt);
}

TEST_F(RunStoreTest, RefusesWhatIsNoRun) {
  EXPECT_THROW(open(RunStore::Access::read_only), InputError);
  open().set_fact("format", "99");
  EXPECT_THROW(open(), InputError);
}

}  // namespace
}  // namespace conceptune::experiment
