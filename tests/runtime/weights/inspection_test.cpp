#include "conceptune/runtime/weights/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/weights/safetensors_bytes.h"
#include "tests/runtime/weights/tiny_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

using ::testing::HasSubstr;

const std::string kOneTensor = safetensors_bytes(
    R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[3,2],"data_offsets":[0,12]}})",
    "123456789012");

TEST(Inspection, ReadsAGguf) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("tiny.gguf", tiny_gguf(tiny_config(Family::llama)));
  const Inspection inspection = inspect(path);
  EXPECT_EQ(inspection.kind, "GGUF");
  EXPECT_EQ(inspection.obstacle, "");
  EXPECT_EQ(inspection.metadata["llama.attention.head_count"], 4);
  EXPECT_EQ(inspection.metadata["general.name"], "tiny");
  EXPECT_EQ(inspection.tensors[0].shape, (std::vector<std::int64_t>{9, 12}));
  EXPECT_EQ(inspection.tensors[0].values, 108);
  EXPECT_EQ(inspection.tensors[0].bytes, 432);
}

TEST(Inspection, AnIncompleteGgufIsShownWithItsObstacle) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("tiny.gguf", tiny_gguf(tiny_config(Family::llama), "model.norm.weight"));
  const Inspection inspection = inspect(path);
  EXPECT_THAT(inspection.obstacle, HasSubstr("'output_norm.weight' is missing"));
  EXPECT_FALSE(inspection.tensors.empty());
}

TEST(Inspection, ReadsSafetensorsAdaptersAndFolders) {
  const test::TemporaryFolder folder;
  const Inspection file = inspect(folder.write("a.safetensors", kOneTensor));
  EXPECT_EQ(file.kind, "safetensors");
  EXPECT_EQ(file.metadata["format"], "pt");
  EXPECT_EQ(file.tensors.at(0).values, 6);

  folder.write("config.json", R"({"model_type": "mamba"})");
  folder.write("model.safetensors", kOneTensor);
  const Inspection model = inspect(folder.path());
  EXPECT_EQ(model.kind, "model folder");
  EXPECT_THAT(model.obstacle, HasSubstr("unknown architecture 'mamba'"));
  EXPECT_EQ(model.tensors.size(), 1U);

  folder.write("adapter_config.json", R"({"r": 4})");
  folder.write("adapter_model.safetensors", kOneTensor);
  const Inspection adapter = inspect(folder.path());
  EXPECT_EQ(adapter.kind, "adapter folder");
  EXPECT_EQ(adapter.metadata["r"], 4);
}

TEST(Inspection, OtherFilesAreNoModelFiles) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(is_model_file(folder.path()));
  EXPECT_THROW(inspect(folder.write("a.txt", "x")), InputError);
}

}  // namespace
}  // namespace conceptune::weights
