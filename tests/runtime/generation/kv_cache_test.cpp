#include "conceptune/runtime/generation/kv_cache.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"

namespace conceptune::generation {
namespace {

using Tokens = std::vector<std::int32_t>;

Tokens joined(std::initializer_list<Tokens> parts) {
  Tokens all;
  for (const Tokens& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

model::PackedBatch batch_of(std::initializer_list<Tokens> sequences) {
  model::PackedBatch batch;
  for (const Tokens& sequence : sequences) batch.append(sequence);
  return batch;
}

at::Tensor last_row(const model::Decoder& decoder, const Tokens& tokens) {
  return decoder.forward(batch_of({tokens}))[-1];
}

/// How the decoder runs: by our kernels, or by libtorch's operations.
class KvCacheOf : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Path, KvCacheOf, testing::Values(true, false),
                         [](const auto& fused) { return std::string(fused.param ? "Kernels" : "Torch"); });

TEST_P(KvCacheOf, ContinuationsOfSharedPrefixesEqualWholeTexts) {
  const model::Decoder decoder = test::small_decoder({.fused = GetParam()});
  const Tokens prefix_a = {1, 2, 3, 4, 5}, prefix_b = {9, 8}, x = {11, 12}, y = {13}, z = {14, 15, 16},
               w = {17};
  KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  decoder.forward(batch_of({prefix_a, prefix_b}), nullptr, options);
  cache.begin_continuations({{0, 5, 4}, {0, 5, 4}, {1, 2, 4}, {-1, 0, 4}});
  cache.select({0, 1, 2, 3});
  const at::Tensor first_ND = decoder.forward(batch_of({x, y, z, w}), nullptr, options);
  EXPECT_LT(test::relative_difference(first_ND[1], last_row(decoder, joined({prefix_a, x}))), 1e-5);
  EXPECT_LT(test::relative_difference(first_ND[2], last_row(decoder, joined({prefix_a, y}))), 1e-5);
  EXPECT_LT(test::relative_difference(first_ND[5], last_row(decoder, joined({prefix_b, z}))), 1e-5);
  EXPECT_LT(test::relative_difference(first_ND[6], last_row(decoder, w)), 1e-5);
  EXPECT_EQ(cache.length(0), 7);
  EXPECT_EQ(cache.length(3), 1);

  cache.select({3, 1});  // in any order, some resting
  const at::Tensor second_ND = decoder.forward(batch_of({{20, 21}, {22}}), nullptr, options);
  EXPECT_LT(test::relative_difference(second_ND[1], last_row(decoder, joined({w, {20, 21}}))), 1e-5);
  EXPECT_LT(test::relative_difference(second_ND[2], last_row(decoder, joined({prefix_a, y, {22}}))), 1e-5);
}

TEST_P(KvCacheOf, ContinuationsMayBeginWithinAPrefix) {
  const model::Decoder decoder = test::small_decoder({.fused = GetParam()});
  KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  decoder.forward(batch_of({{9, 8}, {1, 2, 3, 4, 5}}), nullptr, options);
  cache.begin_continuations({{1, 2, 1}, {1, 2, 1}, {1, 0, 1}, {1, 5, 1}});
  cache.select({0, 1, 2, 3});
  const at::Tensor hidden_ND = decoder.forward(batch_of({{6}, {7}, {8}, {9}}), nullptr, options);
  EXPECT_LT(test::relative_difference(hidden_ND[0], last_row(decoder, {1, 2, 6})), 1e-5);
  EXPECT_LT(test::relative_difference(hidden_ND[1], last_row(decoder, {1, 2, 7})), 1e-5);
  EXPECT_LT(test::relative_difference(hidden_ND[2], last_row(decoder, {8})), 1e-5);
  EXPECT_LT(test::relative_difference(hidden_ND[3], last_row(decoder, {1, 2, 3, 4, 5, 9})), 1e-5);
}

TEST(KvCache, KernelsAndTorchAgreeOnLongTexts) {
  const auto hidden_of = [](bool fused) {
    const model::Decoder decoder = test::small_decoder({.fused = fused});
    KvCache cache(decoder);
    const model::ForwardOptions options = {.memory = &cache};
    const at::Tensor prefixes_ND = decoder.forward(test::random_batch({300, 40}, 50), nullptr, options);
    cache.begin_continuations({{0, 300, 310}, {0, 300, 90}, {1, 40, 90}, {-1, 0, 90}});
    cache.select({0, 1, 2, 3});
    const at::Tensor first_ND = decoder.forward(test::random_batch({300, 80, 3, 70}, 50), nullptr, options);
    const at::Tensor second_ND = decoder.forward(test::random_batch({1, 1, 1, 1}, 50), nullptr, options);
    return at::cat({prefixes_ND, first_ND, second_ND});
  };
  EXPECT_LT(test::relative_difference(hidden_of(true), hidden_of(false)), 1e-5);
}

TEST(KvCache, RunsInBfloat16) {
  const model::Decoder decoder = test::small_decoder({.type = model::DataType::bfloat16});
  KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  decoder.forward(batch_of({{1, 2, 3}}), nullptr, options);
  cache.begin_continuations({{0, 3, 1}});
  cache.select({0});
  const at::Tensor hidden_ND = decoder.forward(batch_of({{4}}), nullptr, options);
  EXPECT_LT(
      test::relative_difference(hidden_ND[0].to(at::kFloat), last_row(decoder, {1, 2, 3, 4}).to(at::kFloat)),
      0.03);
}

}  // namespace
}  // namespace conceptune::generation
