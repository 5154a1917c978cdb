// Adapters as llama.cpp reads them: what it adds to a stored weight is what merging adds to it.
#include "conceptune/runtime/model/gguf_adapter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/runtime/model/merged_model.h"
#include "tests/runtime/model/golden_gguf.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/inputs.h"
#include "tests/support/peer_python.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::model {
namespace {

namespace fs = std::filesystem;

/// A float32 tensor of a GGUF file in PyTorch's order; nothing is there when the file has none of that name.
Matrix tensor_of(const GgufFile& file, const std::string& name) {
  for (const auto& tensor : file.tensors()) {
    if (tensor.name != name) continue;
    EXPECT_STREQ(tensor.type->name, "F32");
    Matrix values(tensor.shape.size() == 2 ? tensor.shape[1] : 1, tensor.shape[0]);
    std::memcpy(values.values(), tensor.bytes.data(), tensor.bytes.size());
    return values;
  }
  return {};
}

/// llama.cpp's build_lora_mm: the stored weight and alpha / rank · B A (llama-adapter.h, get_scale).
Matrix applied(const GgufFile& base, const GgufFile& adapter, const std::string& name) {
  Matrix weight = tensor_of(base, name);
  const Matrix a = tensor_of(adapter, name + ".lora_a"), b = tensor_of(adapter, name + ".lora_b");
  if (!a.is_there()) return weight;
  EXPECT_EQ(a.width(), weight.width());
  EXPECT_EQ(b.rows(), weight.rows());
  EXPECT_EQ(a.rows(), b.width());
  const double scale = *adapter.number("adapter.lora.alpha") / static_cast<double>(a.rows());
  for (std::int64_t o = 0; o < weight.rows(); ++o)
    for (std::int64_t i = 0; i < weight.width(); ++i) {
      double sum = 0;
      for (std::int64_t r = 0; r < a.rows(); ++r) sum += static_cast<double>(b.row(o)[r]) * a.row(r)[i];
      weight.row(o)[i] += static_cast<float>(scale * sum);
    }
  return weight;
}

/// Exports and merges the same adapter of a golden family and compares all weights.
void expect_same_as_merged(const char* family, const std::shared_ptr<LoraAdapter>& adapter,
                           const weights::WeightStore& original) {
  const test::TemporaryFolder folder;
  const fs::path base = folder.write("base.gguf", test::as_gguf(original));
  const auto store = weights::WeightStore::open(base);
  write_gguf_adapter(folder.path() / "adapter.gguf", *adapter, store->config(), "test",
                     weights::GgufStorage::f32);
  write_merged_model(base, *store, merged_weights(store, adapter), MergedType::float32,
                     folder.path() / "merged.gguf");
  const GgufFile stored(base), exported(folder.path() / "adapter.gguf"),
      merged(folder.path() / "merged.gguf");
  EXPECT_EQ(exported.string("general.type"), "adapter");
  EXPECT_EQ(exported.string("adapter.type"), "lora");
  EXPECT_EQ(exported.string("general.architecture"), stored.string("general.architecture"));
  EXPECT_EQ(exported.tensors().size(), adapter->parameters().size());
  for (const auto& tensor : stored.tensors()) {
    const std::string name(tensor.name);
    EXPECT_LT(test::relative_difference(applied(stored, exported, name), tensor_of(merged, name)), 1e-5)
        << family << ' ' << name;
  }
}

class GgufAdapterFamilies : public testing::TestWithParam<const char*> {};

TEST_P(GgufAdapterFamilies, AddsWhatMergingAdds) {
  const auto original = weights::WeightStore::open(test::source("tests/reference/model") / GetParam());
  expect_same_as_merged(GetParam(),
                        test::random_adapter(original->config(), {.rank = 2, .alpha = 3, .targets = {"all"}}),
                        *original);
}

INSTANTIATE_TEST_SUITE_P(All, GgufAdapterFamilies,
                         testing::Values("llama2", "llama3", "qwen2", "qwen3", "falcon3"));

// llama.cpp knows one alpha, over the rank and not over its root.
TEST(GgufAdapter, KeepsEachPairsOwnScaling) {
  const auto original = weights::WeightStore::open(test::source("tests/reference/model/llama3"));
  const auto drawn =
      test::random_adapter(original->config(), {.rank = 3, .alpha = 5, .targets = {"attention"}});
  for (const bool rank_stabilised : {false, true})
    for (const double usual_alpha : {2.0, 5.0}) {
      std::vector<std::map<Projection, LoraPair>> layers(static_cast<std::size_t>(drawn->layers()));
      for (std::int64_t layer = 0; layer < drawn->layers(); ++layer)
        for (const Projection projection : kProjections)
          if (const LoraPair* pair = drawn->find(layer, projection))
            layers[static_cast<std::size_t>(layer)].emplace(
                projection, LoraPair{pair->a_RI, pair->b_OR, static_cast<double>(layer)});
      expect_same_as_merged("llama3",
                            std::make_shared<LoraAdapter>(LoraOptions{.rank = 3,
                                                                      .alpha = usual_alpha,
                                                                      .dropout = 0,
                                                                      .targets = {"attention"},
                                                                      .rank_stabilised = rank_stabilised},
                                                          std::move(layers)),
                            *original);
    }
}

TEST(GgufAdapter, IsWrittenToNewFilesOfItsName) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(check_gguf_adapter_output(folder.path() / "adapter"), InputError);
  const fs::path other = folder.write("text.gguf", "no GGUF");
  EXPECT_THROW(check_gguf_adapter_output({other, Existing::replace}), InputError);
  const fs::path file = folder.write("old.gguf", "GGUF");
  EXPECT_THROW(check_gguf_adapter_output(file), InputError);
  check_gguf_adapter_output({file, Existing::replace});
}

/// In the format's own reader, the package gguf.
TEST(GgufAdapterReference, IsReadByTheFormatsPackage) {
  CONCEPTUNE_REQUIRE_PEER_PYTHON();
  const auto original = weights::WeightStore::open(test::source("tests/reference/model/llama3"));
  const auto adapter = test::random_adapter(original->config(), {.rank = 2, .alpha = 3, .targets = {"all"}});
  const test::TemporaryFolder folder;
  write_gguf_adapter(folder.path() / "adapter.gguf", *adapter, original->config(), "test",
                     weights::GgufStorage::f16);
  save_adapter(folder.path() / "adapter", *adapter, "base", "");
  EXPECT_TRUE(test::run_peer_script(
      "check_gguf_adapter.py", fmt::format("{} {} {} {}", (folder.path() / "adapter.gguf").string(),
                                           (folder.path() / "adapter").string(), original->config().heads,
                                           original->config().kv_heads)));
}

}  // namespace
}  // namespace conceptune::model
