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

TEST(KvCache, ContinuationsOfSharedPrefixesEqualWholeTexts) {
  const model::Decoder decoder = test::small_decoder();
  const Tokens prefix_a = {1, 2, 3, 4, 5}, prefix_b = {9, 8}, x = {11, 12}, y = {13}, z = {14, 15, 16},
               w = {17};
  KvCache cache(decoder.config());
  const model::ForwardOptions options = {.memory = &cache};
  decoder.forward(batch_of({prefix_a, prefix_b}), nullptr, options);
  cache.begin_continuations({0, 0, 1, -1}, {4, 4, 4, 4});
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

}  // namespace
}  // namespace conceptune::generation
