#include "conceptune/runtime/weights/model_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/weights/tiny_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

using ::testing::HasSubstr;

TEST(ModelFiles, AGgufGivesShapesInPyTorchsOrder) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("tiny.gguf", tiny_gguf(tiny_config(Family::llama)));
  const ModelFiles files = open_model_files(path);
  EXPECT_TRUE(files.gguf_names);
  EXPECT_EQ(files.paths, std::vector{path});
  const auto down = std::ranges::find(files.tensors, "blk.0.ffn_down.weight", &FileTensor::name);
  ASSERT_NE(down, files.tensors.end());
  EXPECT_EQ(down->shape, (std::vector<std::int64_t>{12, 10}));
  EXPECT_EQ(down->type, "F32");
}

TEST(ModelFiles, OtherFilesAreRefused) {
  const test::TemporaryFolder folder;
  try {
    open_model_files(folder.write("model.bin", "x"));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("expected a .gguf file or a folder with config.json"));
  }
}

}  // namespace
}  // namespace conceptune::weights
