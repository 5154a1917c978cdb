#include "conceptune/experiment/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/experiment/stage_cache.h"
#include "conceptune/results/item_files.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Verify, ComparesAProductWithItsManifest) {
  const test::TemporaryFolder folder;
  folder.write("dataset.json", "{}");
  folder.write("records", "1234");
  write_manifest(folder.path(), ProductKind::dataset);
  folder.write("notes.txt", "");
  auto found = verify(folder.path());
  EXPECT_EQ(found.kind, ProductKind::dataset);
  EXPECT_EQ(found.files, 2);
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(found.further, ElementsAre("notes.txt"));
  folder.write("records", "1235");
  fs::remove(folder.path() / "dataset.json");
  found = verify(folder.path());
  EXPECT_THAT(found.problems,
              ElementsAre("dataset.json is missing", "records has other content than was written"));
}

TEST(Verify, OfATrainingOnItsWayLooksAtWhatIsThere) {
  const test::TemporaryFolder folder;
  folder.write("run.json", "{}");
  EXPECT_THROW(verify(folder.path()), InputError);
  make_folder(folder.path() / "checkpoints" / "step-00000002");
  folder.write("checkpoints/step-00000002/state.json", "{}");
  write_manifest(folder.path() / "checkpoints" / "step-00000002", ProductKind::checkpoint);
  EXPECT_THAT(verify(folder.path()).problems, IsEmpty());
  folder.write("checkpoints/step-00000002/state.json", "{ }");
  EXPECT_THAT(verify(folder.path()).problems,
              ElementsAre("checkpoints/step-00000002/state.json has 3 bytes, expected 2"));
}

TEST(Verify, OfARunLooksAtItsProductsItemsAndStore) {
  const test::TemporaryFolder folder;
  fs::path product;
  {
    RunStore store(folder.path(), RunStore::Access::read_write);
    product = StageCache(store)
                  .get("corpus", "", {{"a", 1}},
                       [](const fs::path& made) { write_file_atomically(made / "data", "-0.05"); })
                  .folder;
  }
  evaluation::ItemFiles(folder.path() / evaluation::kItemFolder)
      .put({"b", "", "s", Json::object()}, {Json(1)});
  EXPECT_THAT(verify(folder.path()).problems, IsEmpty());
  EXPECT_EQ(verify(folder.path()).files, 3);
  // Of the same size and, for all that the store knows, the same time.
  const auto time = fs::last_write_time(product / "data");
  write_file_atomically(product / "data", "-0.95");
  fs::last_write_time(product / "data", time);
  EXPECT_EQ(verify(folder.path()).problems.size(), 1U);
}

TEST(Verify, OfARunComparesStoredResultsWithWhatItsEvaluationsGave) {
  const test::TemporaryFolder folder;
  {
    RunStore store(folder.path(), RunStore::Access::read_write);
    evaluation::Results results;
    results.subjects = {{"base", "m.gguf", "aa"}};
    StageCache(store).get("evaluate", "", {{"a", 1}}, [&](const fs::path& made) {
      evaluation::write_results(made / "results.json", results);
    });
    Results stored;
    stored.evaluations = {{"m", results}};
    store.replace_results(stored);
    EXPECT_THAT(verify(folder.path()).problems, IsEmpty());
    stored.evaluations[0].results.subjects[0].hash = "bb";
    store.replace_results(stored);
  }
  EXPECT_THAT(verify(folder.path()).problems,
              ElementsAre("run.sqlite holds other results of 'm' than its evaluation gave"));
}

TEST(Verify, RefusesWhatIsNoProduct) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(verify(folder.path()), InputError);
  EXPECT_THROW(verify(folder.path() / "absent"), InputError);
  folder.write("dataset.json", "{}");
  EXPECT_THROW(verify(folder.path()), InputError);
}

}  // namespace
}  // namespace conceptune::experiment
