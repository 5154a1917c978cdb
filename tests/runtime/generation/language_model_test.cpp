#include "conceptune/runtime/generation/language_model.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::generation {
namespace {

namespace fs = std::filesystem;

class LanguageModelTest : public ::testing::Test {
 protected:
  void SetUp() override { test::write_tiny_model(folder_.path()); }

  test::TemporaryFolder folder_;
};

TEST_F(LanguageModelTest, ReadsEachPartOnceForAllCopies) {
  int files_read = 0;
  const LanguageModel model(folder_.path(), {}, [&](const fs::path& file) {
    ++files_read;
    return sha256_of_file(file);
  });
  const LanguageModel copy = model;
  EXPECT_EQ(model.hash(), weights::WeightStore::open(folder_.path())->hash());
  const int once = files_read;
  EXPECT_EQ(copy.hash(), model.hash());
  EXPECT_EQ(files_read, once);
  EXPECT_EQ(copy.tokenizer(), model.tokenizer());
  EXPECT_EQ(&copy.decoder(), &model.decoder());
  EXPECT_EQ(copy.config().vocabulary, model.decoder().config().vocabulary);
}

TEST_F(LanguageModelTest, SharesAllButTheDecoderWithTheSameModelRunOtherwise) {
  const LanguageModel model(folder_.path());
  const LanguageModel compact = model.with({.memory = model::WeightMemory::compact});
  EXPECT_EQ(compact.tokenizer(), model.tokenizer());
  EXPECT_NE(&compact.decoder(), &model.decoder());
  EXPECT_EQ(compact.decoder().options().memory, model::WeightMemory::compact);
  EXPECT_EQ(&model.with(model.options()).decoder(), &model.decoder());
}

TEST_F(LanguageModelTest, LoadsAnewWhatWasFreed) {
  LanguageModel model(folder_.path());
  const LanguageModel copy = model;
  model.decoder();
  fs::rename(folder_.path() / "model.safetensors", folder_.path() / "gone");
  EXPECT_NO_THROW(copy.decoder());
  model.unload();
  EXPECT_THROW(copy.decoder(), InputError);
  fs::rename(folder_.path() / "gone", folder_.path() / "model.safetensors");
  EXPECT_EQ(copy.decoder().config().vocabulary, model.config().vocabulary);
}

TEST(LanguageModel, IsNotReadBeforeItIsAskedFor) {
  const LanguageModel model("no such model");
  EXPECT_THROW(model.config(), InputError);
  EXPECT_THROW(model.tokenizer(), InputError);
  EXPECT_THROW(model.hash(), InputError);
  EXPECT_THROW(model.decoder(), InputError);
}

}  // namespace
}  // namespace conceptune::generation
