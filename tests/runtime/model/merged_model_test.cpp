// A merged model computes what base and adapter compute together, in memory and read back from a folder.
#include "conceptune/runtime/model/merged_model.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/error.h"
#include "tests/runtime/model/golden_gguf.h"
#include "tests/runtime/model/peer_expectation.h"
#include "tests/runtime/model/random_model.h"
#include "tests/runtime/weights/half_precision.h"
#include "tests/support/inputs.h"
#include "tests/support/peer_python.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::model {
namespace {

namespace fs = std::filesystem;

struct Merged {
  explicit Merged(const fs::path& base, const LoraOptions& options = {.rank = 2, .targets = {"all"}})
      : store(weights::WeightStore::open(base)), adapter(test::random_adapter(store->config(), options)) {}

  Matrix expected(const PackedBatch& batch) const {
    const Decoder decoder(store);
    return decoder.project(decoder.forward(batch, adapter.get()));
  }
  static Matrix logits(const Decoder& decoder, const PackedBatch& batch) {
    return decoder.project(decoder.forward(batch));
  }

  std::shared_ptr<const weights::WeightStore> store;
  std::shared_ptr<LoraAdapter> adapter;
};

class MergedFamilies : public testing::TestWithParam<const char*> {};

TEST_P(MergedFamilies, FolderReadsBackToTheAdaptedModel) {
  const fs::path base = test::source("tests/reference/model") / GetParam();
  const Merged merged(base);
  const auto batch = test::random_batch({9, 4}, merged.store->config().vocabulary);
  const Matrix expected = merged.expected(batch);
  const WeightLoader loader = merged_weights(merged.store, merged.adapter);
  EXPECT_LT(
      test::relative_difference(Merged::logits(Decoder(merged.store->config(), loader), batch), expected),
      1e-5);

  const test::TemporaryFolder folder;
  write_merged_model(base, *merged.store, loader, MergedType::float32, folder.path() / "f32");
  const Decoder written(weights::WeightStore::open(folder.path() / "f32"));
  EXPECT_EQ(written.config().tied_head, merged.store->config().tied_head);
  EXPECT_LT(test::relative_difference(Merged::logits(written, batch), expected), 1e-5);

  write_merged_model(base, *merged.store, loader, MergedType::bfloat16, folder.path() / "bf16");
  const auto rounded = weights::WeightStore::open(folder.path() / "bf16");
  for (const auto& tensor : rounded->tensors())
    EXPECT_TRUE(test::equal(rounded->load(tensor.name), test::widened(test::rounded(loader(tensor.name)))))
        << tensor.name;
  EXPECT_THROW(write_merged_model(base, *merged.store, loader, MergedType::q8_0, folder.path() / "q8"),
               InputError);
  EXPECT_THROW(write_merged_model(base, *merged.store, loader, MergedType::float32, folder.path() / "f32"),
               InputError);
}

INSTANTIATE_TEST_SUITE_P(All, MergedFamilies,
                         testing::Values("llama2", "llama3", "qwen2", "qwen3", "falcon3"));

/// Largest error of one value by rounding: half a step of the type, for Q8_0 of its block of 32 (whose step
/// is the block's largest value / 127, itself rounded to float16).
double rounding_bound(const Matrix& exact, std::int64_t index, MergedType type) {
  if (type == MergedType::q8_0) {
    double largest = 0;
    for (std::int64_t i = index / 32 * 32; i < index / 32 * 32 + 32; ++i)
      largest = std::max(largest, std::abs(static_cast<double>(exact.values()[i])));
    return largest * (0.5 / 127 + std::ldexp(1.0, -11));
  }
  constexpr double kSmallestHalf = 6e-8;
  return std::abs(exact.values()[index]) * std::ldexp(1.0, type == MergedType::float16 ? -11 : -8) +
         kSmallestHalf;
}

/// A GGUF of each family, in each type: the adapted model's logits in float32, its weights rounded in the
/// others.
TEST_P(MergedFamilies, GgufReadsBackToTheAdaptedModel) {
  const test::TemporaryFolder folder;
  const auto original = weights::WeightStore::open(test::source("tests/reference/model") / GetParam());
  const fs::path base = folder.write("base.gguf", test::as_gguf(*original));
  const Merged merged(base);
  const WeightLoader loader = merged_weights(merged.store, merged.adapter);
  write_merged_model(base, *merged.store, loader, MergedType::float32, folder.path() / "f32.gguf");
  const auto batch = test::random_batch({9, 4}, merged.store->config().vocabulary);
  const Decoder written(weights::WeightStore::open(folder.path() / "f32.gguf"));
  EXPECT_LT(test::relative_difference(Merged::logits(written, batch), merged.expected(batch)), 1e-5);
  for (const MergedType type : {MergedType::float16, MergedType::bfloat16, MergedType::q8_0}) {
    const fs::path output = folder.path() / fmt::format("merged{}.gguf", static_cast<int>(type));
    write_merged_model(base, *merged.store, loader, type, output);
    const auto rounded = weights::WeightStore::open(output);
    EXPECT_EQ(rounded->config().tied_head, merged.store->config().tied_head);
    for (const auto& tensor : rounded->tensors()) {
      const Matrix exact = loader(tensor.name), actual = rounded->load(tensor.name);
      ASSERT_EQ(actual.size(), exact.size()) << tensor.name;
      for (std::int64_t i = 0; i < exact.size(); ++i)
        ASSERT_NEAR(actual.values()[i], exact.values()[i],
                    tensor.shape.size() == 1 ? 0 : rounding_bound(exact, i, type))
            << tensor.name << " in type " << static_cast<int>(type);
    }
  }
}

TEST_P(MergedFamilies, FolderInHalfPrecisionReadsBack) {
  const fs::path base = test::source("tests/reference/model") / GetParam();
  const Merged merged(base);
  const test::TemporaryFolder folder;
  const WeightLoader loader = merged_weights(merged.store, merged.adapter);
  write_merged_model(base, *merged.store, loader, MergedType::float16, folder.path() / "f16");
  const auto rounded = weights::WeightStore::open(folder.path() / "f16");
  for (const auto& tensor : rounded->tensors())
    EXPECT_TRUE(test::equal(rounded->load(tensor.name), test::in_half_precision(loader(tensor.name))))
        << tensor.name;
}

class MergedReference : public testing::TestWithParam<const char*> {};

TEST_P(MergedReference, LoadsInTransformersWithEqualLogits) {
  CONCEPTUNE_REQUIRE_PEER_PYTHON();
  const fs::path base = test::source("tests/reference/model") / GetParam();
  const Merged merged(base);
  const test::TemporaryFolder folder;
  write_merged_model(base, *merged.store, merged_weights(merged.store, merged.adapter), MergedType::float32,
                     folder.path() / "merged");
  const auto batch = test::random_batch({17}, merged.store->config().vocabulary);
  test::write_expected(folder.path() / "expected.safetensors", batch, merged.expected(batch));
  EXPECT_TRUE(test::run_peer_script("check_in_peer.py",
                                    fmt::format("model {} {}", (folder.path() / "merged").string(),
                                                (folder.path() / "expected.safetensors").string())));
}

INSTANTIATE_TEST_SUITE_P(All, MergedReference,
                         testing::Values("llama2", "llama3", "qwen2", "qwen3", "falcon3"));

TEST(MergedOutput, IsCheckedBeforeAnythingIsComputed) {
  const test::TemporaryFolder folder;
  const fs::path base = test::source("tests/reference/model/llama3");
  const fs::path gguf = folder.write("base.gguf", test::as_gguf(*weights::WeightStore::open(base)));
  const auto refusal = [](const fs::path& from, MergedType type, const fs::path& to) -> std::string {
    try {
      check_merged_output(from, type, to);
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  };
  using enum MergedType;
  EXPECT_EQ(refusal(gguf, q8_0, folder.path() / "m.gguf"), "");
  EXPECT_EQ(refusal(base, bfloat16, folder.path() / "m"), "");
  EXPECT_EQ(refusal(gguf, float16, "m"),
            "merging adapter: m: expected a name that ends in .gguf, which is the base's format");
  EXPECT_EQ(refusal(gguf, float16, "m.safetensors"),
            "merging adapter: m.safetensors: expected a name that ends in .gguf, which is the base's format");
  EXPECT_EQ(refusal(base, float16, "m.gguf"),
            "merging adapter: m.gguf: expected a folder's name: the base's format is safetensors");
  EXPECT_EQ(refusal(base, q8_0, "m"),
            "merging adapter: m: the type is q8_0, expected f32, f16 or bf16 in safetensors");
  EXPECT_NE(refusal(gguf, float16, gguf).find("exists"), std::string::npos);
}

/// What training of all weights writes for a GGUF base.
TEST(MergedOutput, AFolderWithAGgufIsAGgufBase) {
  const test::TemporaryFolder folder;
  const auto original = weights::WeightStore::open(test::source("tests/reference/model/llama3"));
  folder.write("model.gguf", test::as_gguf(*original));
  const Merged merged(folder.path());
  const WeightLoader loader = merged_weights(merged.store, merged.adapter);
  const fs::path output = folder.path() / "merged.gguf";
  EXPECT_THROW(check_merged_output(folder.path(), MergedType::float32, folder.path() / "merged"), InputError);
  write_merged_model(folder.path(), *merged.store, loader, MergedType::float32, output);
  const auto written = weights::WeightStore::open(output);
  EXPECT_TRUE(test::equal(written->load("model.norm.weight"), original->load("model.norm.weight")));
}

TEST(MergedGguf, ReadsBackToTheAdaptedWeights) {
  const fs::path base = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(base);
  const Merged merged(base, {.rank = 2, .targets = {"q_proj", "down_proj"}});
  const WeightLoader loader = merged_weights(merged.store, merged.adapter);
  const test::TemporaryFolder folder;
  const fs::path output = folder.path() / "merged.gguf";
  write_merged_model(base, *merged.store, loader, MergedType::float16, output);
  const auto written = weights::WeightStore::open(output);
  for (const char* name : {"model.layers.3.self_attn.q_proj.weight", "model.layers.29.mlp.down_proj.weight",
                           "model.layers.0.self_attn.k_proj.weight", "model.norm.weight"}) {
    const Matrix expected = loader(name);
    EXPECT_LT(test::relative_difference(written->load(name), expected), 1e-3) << name;
  }
  EXPECT_GT(test::relative_difference(written->load("model.layers.3.self_attn.q_proj.weight"),
                                      merged.store->load("model.layers.3.self_attn.q_proj.weight")),
            0.01);
}

}  // namespace
}  // namespace conceptune::model
