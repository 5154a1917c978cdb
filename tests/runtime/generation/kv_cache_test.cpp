#include "conceptune/runtime/generation/kv_cache.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"
#include "tests/support/plain_decoder.h"

namespace conceptune::generation {
namespace {

using model::Matrix;
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

Matrix row(const Matrix& hidden_ND, std::int64_t index) { return rows_of(hidden_ND, index, 1); }

/// The state of the last token of a text that is run whole.
Matrix last_row(const model::Decoder& decoder, const Tokens& tokens) {
  return row(decoder.forward(batch_of({tokens})), std::ssize(tokens) - 1);
}

TEST(KvCache, ContinuationsOfSharedPrefixesEqualWholeTexts) {
  const model::Decoder decoder = test::small_decoder();
  const Tokens prefix_a = {1, 2, 3, 4, 5}, prefix_b = {9, 8}, x = {11, 12}, y = {13}, z = {14, 15, 16},
               w = {17};
  KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  decoder.forward(batch_of({prefix_a, prefix_b}), nullptr, options);
  cache.begin_continuations({{0, 5, 4}, {0, 5, 4}, {1, 2, 4}, {-1, 0, 4}});
  cache.select({0, 1, 2, 3});
  const Matrix first_ND = decoder.forward(batch_of({x, y, z, w}), nullptr, options);
  EXPECT_LT(test::relative_difference(row(first_ND, 1), last_row(decoder, joined({prefix_a, x}))), 1e-5);
  EXPECT_LT(test::relative_difference(row(first_ND, 2), last_row(decoder, joined({prefix_a, y}))), 1e-5);
  EXPECT_LT(test::relative_difference(row(first_ND, 5), last_row(decoder, joined({prefix_b, z}))), 1e-5);
  EXPECT_LT(test::relative_difference(row(first_ND, 6), last_row(decoder, w)), 1e-5);
  EXPECT_EQ(cache.length(0), 7);
  EXPECT_EQ(cache.length(3), 1);

  cache.select({3, 1});  // in any order, some resting
  const Matrix second_ND = decoder.forward(batch_of({{20, 21}, {22}}), nullptr, options);
  EXPECT_LT(test::relative_difference(row(second_ND, 1), last_row(decoder, joined({w, {20, 21}}))), 1e-5);
  EXPECT_LT(test::relative_difference(row(second_ND, 2), last_row(decoder, joined({prefix_a, y, {22}}))),
            1e-5);
}

TEST(KvCache, ContinuationsMayBeginWithinAPrefix) {
  const model::Decoder decoder = test::small_decoder();
  KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  decoder.forward(batch_of({{9, 8}, {1, 2, 3, 4, 5}}), nullptr, options);
  cache.begin_continuations({{1, 2, 1}, {1, 2, 1}, {1, 0, 1}, {1, 5, 1}});
  cache.select({0, 1, 2, 3});
  const Matrix hidden_ND = decoder.forward(batch_of({{6}, {7}, {8}, {9}}), nullptr, options);
  EXPECT_LT(test::relative_difference(row(hidden_ND, 0), last_row(decoder, {1, 2, 6})), 1e-5);
  EXPECT_LT(test::relative_difference(row(hidden_ND, 1), last_row(decoder, {1, 2, 7})), 1e-5);
  EXPECT_LT(test::relative_difference(row(hidden_ND, 2), last_row(decoder, {8})), 1e-5);
  EXPECT_LT(test::relative_difference(row(hidden_ND, 3), last_row(decoder, {1, 2, 3, 4, 5, 9})), 1e-5);
}

/// Tokens of one sequence of a batch.
Tokens sequence(const model::PackedBatch& batch, std::int64_t index) {
  return {batch.tokens.begin() + batch.starts[index], batch.tokens.begin() + batch.starts[index + 1]};
}

TEST(KvCache, LongTextsEqualTheFormulas) {
  const model::Decoder decoder = test::small_decoder();
  const test::PlainDecoder plain(decoder.config(), test::random_weights(decoder.config()));
  KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  const auto prefixes = test::random_batch({300, 40}, 50),
             first = test::random_batch({300, 80, 3, 70}, 50, 8),
             second = test::random_batch({1, 1, 1, 1}, 50, 9);
  const Matrix prefixes_ND = decoder.forward(prefixes, nullptr, options);
  EXPECT_LT(test::relative_difference(prefixes_ND, plain.forward(prefixes).as_matrix()), 1e-5);
  cache.begin_continuations({{0, 300, 310}, {0, 300, 90}, {1, 40, 90}, {-1, 0, 90}});
  cache.select({0, 1, 2, 3});
  const Matrix first_ND = decoder.forward(first, nullptr, options);
  const Matrix second_ND = decoder.forward(second, nullptr, options);
  for (const std::int64_t i : {0, 1, 2, 3}) {
    const Tokens prefix = i == 3 ? Tokens() : sequence(prefixes, i / 2);
    const Matrix whole_ND =
        plain.forward(batch_of({joined({prefix, sequence(first, i), sequence(second, i)})})).as_matrix();
    const std::int64_t length = first.length(i);
    EXPECT_LT(test::relative_difference(rows_of(first_ND, first.starts[i], length),
                                        rows_of(whole_ND, std::ssize(prefix), length)),
              1e-5);
    EXPECT_LT(test::relative_difference(row(second_ND, i), row(whole_ND, whole_ND.rows() - 1)), 1e-5);
  }
}

TEST(KvCache, RunsInBfloat16) {
  const model::Decoder decoder = test::small_decoder({.type = model::DataType::bfloat16});
  KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  decoder.forward(batch_of({{1, 2, 3}}), nullptr, options);
  cache.begin_continuations({{0, 3, 1}});
  cache.select({0});
  const Matrix hidden_ND = decoder.forward(batch_of({{4}}), nullptr, options);
  EXPECT_LT(test::relative_difference(row(hidden_ND, 0), last_row(decoder, {1, 2, 3, 4})), 0.03);
}

}  // namespace
}  // namespace conceptune::generation
