#include "conceptune/training/run/run_folder.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/tiny_model.h"

namespace conceptune::training {
namespace {

std::string message_of(const std::filesystem::path& folder, const TrainingData& data,
                       const TrainingOptions& options) {
  try {
    RunFolder(folder, run_identity(test::TinyModel(), data, options));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

TEST(RunFolderIdentity, OtherOptionsOrDataAreRefusedByName) {
  const conceptune::test::TemporaryFolder folder;
  TrainingOptions options;
  TrainingData data = test::tiny_data();
  EXPECT_EQ(message_of(folder.path(), data, options), "");
  EXPECT_EQ(message_of(folder.path(), data, options), "");
  options.checkpoint.kept = 7;  // decides nothing of the result
  EXPECT_EQ(message_of(folder.path(), data, options), "");
  options.batch.passages = 4;
  EXPECT_NE(message_of(folder.path(), data, options).find("options.batch.passages is 2, expected 4"),
            std::string::npos);
  options = {};
  data.made_from = {{"source", "else"}};
  EXPECT_NE(message_of(folder.path(), data, options).find("made_from.source is \"tiny\", expected \"else\""),
            std::string::npos);
}

TEST(RunFolderIdentity, DamagedFilesAreInputErrors) {
  const conceptune::test::TemporaryFolder folder;
  {
    const RunFolder run(folder.path(), run_identity(test::TinyModel(), test::tiny_data(), {}));
    EXPECT_NE(message_of(folder.path(), test::tiny_data(), {}).find("another process"), std::string::npos);
    folder.write("training.json", "{}");
    EXPECT_FALSE(run.is_finished()) << "the manifest is written last";
    write_manifest(folder.path(), ProductKind::training);
    EXPECT_TRUE(run.is_finished());
    EXPECT_THROW(run.result(), InputError);
    folder.write("training.json", "{ }");
    EXPECT_THROW(run.is_finished(), InputError);
  }
  folder.write("run.json", "{");
  EXPECT_NE(message_of(folder.path(), test::tiny_data(), {}).find("malformed JSON"), std::string::npos);
}

TEST(RestoreTensors, RefusesOtherShapes) {
  const test::TinyModel model;
  const auto parameters = model.parameters();
  std::vector<model::Matrix> matrices;
  for (const auto& parameter : parameters) matrices.push_back(parameter.matrix);
  AdamW optimizer(matrices);
  Checkpoint checkpoint{3, {}, {{"parameter.matrix", conceptune::test::filled(2, 2, 0)}}};
  EXPECT_THROW(restore_tensors(checkpoint, parameters, optimizer, 3), InputError);
}

}  // namespace
}  // namespace conceptune::training
