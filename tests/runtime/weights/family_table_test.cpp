#include "conceptune/runtime/weights/family_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/runtime/weights/tiny_model.h"

namespace conceptune::weights {
namespace {

std::size_t count_with(const std::vector<ExpectedTensor>& tensors, std::string_view part) {
  return static_cast<std::size_t>(std::ranges::count_if(
      tensors, [&](const ExpectedTensor& tensor) { return tensor.name.find(part) != std::string::npos; }));
}

const ExpectedTensor& find(const std::vector<ExpectedTensor>& tensors, std::string_view name) {
  return *std::ranges::find(tensors, name, &ExpectedTensor::name);
}

TEST(FamilyTable, LlamaHasNineTensorsALayer) {
  EXPECT_EQ(expected_tensors(tiny_config(Family::llama)).size(), 2U * 9 + 3);
}

TEST(FamilyTable, ATiedHeadIsNoTensor) {
  auto config = tiny_config(Family::llama);
  config.tied_head = true;
  EXPECT_EQ(count_with(expected_tensors(config), "lm_head"), 0U);
}

TEST(FamilyTable, QwenTensorsDifferByFamily) {
  const auto qwen2 = expected_tensors(tiny_config(Family::qwen2));
  EXPECT_EQ(count_with(qwen2, ".bias"), 2U * 3);
  EXPECT_EQ(count_with(qwen2, "q_norm"), 0U);
  const auto qwen3 = expected_tensors(tiny_config(Family::qwen3));
  EXPECT_EQ(count_with(qwen3, ".bias"), 0U);
  EXPECT_EQ(find(qwen3, "model.layers.1.self_attn.k_norm.weight").shape, std::vector<std::int64_t>{6});
}

TEST(FamilyTable, ShapesFollowTheConfiguration) {
  const auto tensors = expected_tensors(tiny_config(Family::llama));
  using Shape = std::vector<std::int64_t>;
  EXPECT_EQ(find(tensors, "model.layers.1.self_attn.q_proj.weight").shape, (Shape{24, 12}));
  EXPECT_EQ(find(tensors, "model.layers.1.self_attn.k_proj.weight").shape, (Shape{12, 12}));
  EXPECT_EQ(find(tensors, "model.layers.1.self_attn.o_proj.weight").shape, (Shape{12, 24}));
  EXPECT_EQ(find(tensors, "model.layers.0.mlp.down_proj.weight").shape, (Shape{12, 10}));
  EXPECT_EQ(find(tensors, "lm_head.weight").shape, (Shape{9, 12}));
}

TEST(FamilyTable, OnlyLlamasQueriesAndKeysAreInterleaved) {
  for (const ExpectedTensor& tensor : expected_tensors(tiny_config(Family::llama)))
    EXPECT_EQ(tensor.interleaved,
              tensor.name.ends_with("q_proj.weight") || tensor.name.ends_with("k_proj.weight"))
        << tensor.name;
  for (const ExpectedTensor& tensor : expected_tensors(tiny_config(Family::qwen3)))
    EXPECT_FALSE(tensor.interleaved) << tensor.name;
}

TEST(FamilyTable, NamesAreUnique) {
  std::set<std::string> names;
  std::set<std::string> gguf_names;
  for (const ExpectedTensor& tensor : expected_tensors(tiny_config(Family::qwen2))) {
    EXPECT_TRUE(names.insert(tensor.name).second) << tensor.name;
    EXPECT_TRUE(gguf_names.insert(tensor.gguf_name).second) << tensor.gguf_name;
  }
}

}  // namespace
}  // namespace conceptune::weights
