#include "conceptune/runtime/weights/model_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/runtime/weights/safetensors_bytes.h"
#include "tests/runtime/weights/tiny_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kConfig = R"({"model_type": "qwen3", "hidden_size": 8, "intermediate_size": 8,
  "num_attention_heads": 2, "num_hidden_layers": 1, "head_dim": 4, "vocab_size": 3, "max_position_embeddings": 9})";

std::string one_tensor(std::string_view name) {
  return safetensors_bytes(
      "{\"" + std::string(name) + R"(":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}})", "1234");
}

class ModelFilesTest : public ::testing::Test {
 protected:
  void expect_refused(const std::filesystem::path& path, std::string_view problem) const {
    try {
      open_model_files(path);
      ADD_FAILURE() << "accepted; expected: " << problem;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(std::string(problem)));
    }
  }
  void expect_index_refused(std::string_view index, std::string_view problem) const {
    folder_.write("model.safetensors.index.json", index);
    expect_refused(folder_.path(), problem);
  }

  test::TemporaryFolder folder_;
};

TEST_F(ModelFilesTest, AGgufGivesShapesInPyTorchsOrder) {
  const auto path = folder_.write("tiny.gguf", tiny_gguf(tiny_config(Family::llama)));
  const ModelFiles files = open_model_files(path);
  EXPECT_TRUE(files.gguf_names);
  EXPECT_EQ(files.paths, std::vector{path});
  const auto down = std::ranges::find(files.tensors, "blk.0.ffn_down.weight", &FileTensor::name);
  ASSERT_NE(down, files.tensors.end());
  EXPECT_EQ(down->shape, (std::vector<std::int64_t>{12, 10}));
  EXPECT_EQ(down->type, "F32");
}

TEST_F(ModelFilesTest, AFolderGivesItsTensors) {
  folder_.write("config.json", kConfig);
  folder_.write("model.safetensors", one_tensor("a"));
  const ModelFiles files = open_model_files(folder_.path());
  EXPECT_FALSE(files.gguf_names);
  EXPECT_EQ(files.config.family, Family::qwen3);
  EXPECT_EQ(files.config.name, folder_.path().filename());
  ASSERT_EQ(files.tensors.size(), 1U);
  EXPECT_EQ(files.tensors[0].type, "F16");
  EXPECT_EQ(static_cast<char>(files.tensors[0].bytes[3]), '4');
  EXPECT_EQ(files.paths.size(), 2U) << "what the hash covers: the configuration and the weights";
}

TEST_F(ModelFilesTest, ShardsAreJoined) {
  folder_.write("config.json", kConfig);
  folder_.write("s1.safetensors", one_tensor("a"));
  folder_.write("s2.safetensors", one_tensor("b"));
  folder_.write("model.safetensors.index.json",
                R"({"weight_map": {"b": "s2.safetensors", "a": "s1.safetensors"}})");
  const ModelFiles files = open_model_files(folder_.path());
  EXPECT_EQ(files.tensors.size(), 2U);
  EXPECT_EQ(files.paths.size(), 3U);
}

TEST_F(ModelFilesTest, RefusesBadIndices) {
  folder_.write("config.json", kConfig);
  folder_.write("s1.safetensors", one_tensor("a"));
  expect_index_refused("[]", "expected an object \"weight_map\"");
  expect_index_refused(R"({"weight_map": 1})", "expected an object \"weight_map\"");
  expect_index_refused(R"({"weight_map": {"a": "../s1.safetensors"}})",
                       "tensor 'a': expected the name of a file in the same folder");
  expect_index_refused(R"({"weight_map": {"a": "/etc/passwd"}})",
                       "expected the name of a file in the same folder");
  expect_index_refused(R"({"weight_map": {"b": "s1.safetensors"}})", "tensor 'b' is not in s1.safetensors");
  expect_index_refused(R"({"weight_map": {"b": "s2.safetensors"}})",
                       "s2.safetensors: No such file or directory");
}

TEST_F(ModelFilesTest, RefusesWhatIsNoModel) {
  expect_refused(folder_.write("model.bin", "x"), "expected a .gguf file or a folder with config.json");
  expect_refused(folder_.path() / "none.gguf", "none.gguf: No such file or directory");
  expect_refused(folder_.path(), "config.json: No such file or directory");
  folder_.write("config.json", kConfig);
  expect_refused(folder_.path(), "expected model.safetensors or model.safetensors.index.json");
}

TEST_F(ModelFilesTest, NamesATruncatedGguf) {
  const std::string whole = tiny_gguf(tiny_config(Family::llama));
  expect_refused(folder_.write("cut.gguf", std::string_view(whole).substr(0, whole.size() / 2)), "cut.gguf");
}

}  // namespace
}  // namespace conceptune::weights
