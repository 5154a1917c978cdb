#include "conceptune/runtime/generation/generate.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/model/golden.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::generation {
namespace {

using Tokens = std::vector<std::int32_t>;

/// Greedy decoding by running the whole text for every token.
Tokens generated_without_cache(const model::Decoder& decoder, Tokens text, int new_tokens, double penalty) {
  const std::size_t prompt = text.size();
  for (int i = 0; i < new_tokens; ++i) {
    model::PackedBatch batch;
    batch.append(text);
    const model::Matrix hidden_ND = decoder.forward(batch);
    std::vector<float> logits_V =
        test::values_of(decoder.project(model::rows_of(hidden_ND, hidden_ND.rows() - 1, 1)));
    for (const std::int32_t token : std::set(text.begin(), text.end())) {
      const double logit = logits_V[token];
      logits_V[token] = static_cast<float>(logit < 0 ? logit * penalty : logit / penalty);
    }
    const auto largest = std::max_element(logits_V.begin(), logits_V.end());
    text.push_back(static_cast<std::int32_t>(largest - logits_V.begin()));
  }
  return {text.begin() + static_cast<std::ptrdiff_t>(prompt), text.end()};
}

TEST(Generate, EqualsRunningTheWholeTextEachTime) {
  const model::Decoder decoder = test::small_decoder();
  const GenerateOptions options = {.max_new_tokens = 12, .repetition_penalty = 1.1};
  const std::vector<PromptGroup> groups = {{{1, 2, 3, 4}, {{5}, {6, 7}}}, {{}, {{8, 9}}}, {{10}, {}}};
  const auto texts = generate(decoder, groups, options);
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_EQ(texts[0][0], generated_without_cache(decoder, {1, 2, 3, 4, 5}, 12, 1.1));
  EXPECT_EQ(texts[0][1], generated_without_cache(decoder, {1, 2, 3, 4, 6, 7}, 12, 1.1));
  EXPECT_EQ(texts[1][0], generated_without_cache(decoder, {8, 9}, 12, 1.1));
  EXPECT_TRUE(texts[2].empty());
}

TEST(Generate, DoesNotDependOnWhatIsDecodedTogether) {
  const model::Decoder decoder = test::small_decoder();
  const std::vector<PromptGroup> groups = {{{1, 2}, {{5}, {6}}}, {{3}, {{8, 9}}}, {{4, 4}, {{7}}}};
  const auto together = generate(decoder, groups, {.max_new_tokens = 6});
  for (const int cached_tokens : {1, 20})
    EXPECT_EQ(generate(decoder, groups, {.max_new_tokens = 6, .cached_tokens = cached_tokens}), together);
}

TEST(Generate, EndsWhenComplete) {
  const model::Decoder decoder = test::small_decoder();
  const Tokens prompt = {1, 2, 3};
  const Tokens whole = generate(decoder, prompt, {.max_new_tokens = 8});
  const auto is_complete = [](std::span<const std::int32_t> written) { return written.size() == 3; };
  EXPECT_EQ(generate(decoder, prompt, {.max_new_tokens = 8, .is_complete = is_complete}),
            Tokens(whole.begin(), whole.begin() + 3));
}

TEST(Generate, EndsAtStopTokensWithoutThem) {
  const model::Decoder decoder = test::small_decoder();
  const Tokens prompt = {1, 2, 3};
  const Tokens whole = generate(decoder, prompt, {.max_new_tokens = 8, .repetition_penalty = 1.5});
  const Tokens until =
      generate(decoder, prompt, {.max_new_tokens = 8, .repetition_penalty = 1.5, .stop_tokens = {whole[4]}});
  const auto first = std::find(whole.begin(), whole.end(), whole[4]);
  EXPECT_EQ(until, Tokens(whole.begin(), first));
}

TEST(Generate, ThePenaltyKeepsTokensFromComingBack) {
  const model::Decoder decoder = test::small_decoder();
  const Tokens text = generate(decoder, Tokens{1, 2}, {.max_new_tokens = 20, .repetition_penalty = 100});
  EXPECT_EQ(std::set(text.begin(), text.end()).size(), text.size());
}

TEST(Generate, RefusesEmptySuffixesAndStops) {
  const model::Decoder decoder = test::small_decoder();
  const std::vector<PromptGroup> empty = {{{1, 2}, {{}}}};
  EXPECT_THROW(generate(decoder, empty, {}), InputError);
  std::stop_source source;
  source.request_stop();
  const std::vector<PromptGroup> good = {{{1, 2}, {{3}}}};
  EXPECT_THROW(generate(decoder, good, {}, nullptr, nullptr, source.get_token()), Interrupted);
}

void expect_equals_transformers(const model::Decoder& decoder, const weights::SafetensorsFile& golden) {
  std::vector<PromptGroup> groups;
  for (const char* prompt : {"prompt.0", "prompt.1"}) {
    Tokens prefix = test::golden_ids(golden, prompt);
    const Tokens last = {prefix.back()};
    prefix.pop_back();
    groups.push_back({prefix, {last, last}});
  }
  const auto texts = generate(decoder, groups, {.max_new_tokens = 64, .repetition_penalty = 1.1});
  for (std::size_t i = 0; i < groups.size(); ++i)
    for (const Tokens& text : texts[i])
      EXPECT_EQ(text, test::golden_ids(golden, "greedy." + std::to_string(i)));
}

class GenerateOfFamily : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Golden, GenerateOfFamily, testing::ValuesIn(test::kFamilies),
                         [](const auto& family) { return std::string(family.param); });

TEST_P(GenerateOfFamily, Writes64TokensAsTransformersDoes) {
  const test::GoldenModel golden(GetParam());
  expect_equals_transformers(golden.decoder, golden.values);
}

TEST(GenerateOfSmolLm2, Writes64TokensAsTransformersDoes) {
  CONCEPTUNE_REQUIRE(test::input("SmolLM2-135M-Instruct.Q4_1.gguf"));
  const model::Decoder decoder(weights::WeightStore::open(test::input("SmolLM2-135M-Instruct.Q4_1.gguf")));
  expect_equals_transformers(
      decoder, weights::SafetensorsFile(test::source("tests/reference/model/smollm2.safetensors")));
}

}  // namespace
}  // namespace conceptune::generation
