#include "conceptune/evaluation/generation_samples.h"

#include <gmock/gmock.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/generation/generate.h"
#include "tests/evaluation/small_model.h"

namespace conceptune::evaluation {
namespace {

concepts::ConceptRecord record_of(std::string id, std::string_view text) {
  concepts::ConceptRecord record;
  record.id = std::move(id);
  record.ids.assign(text.begin(), text.end());
  return record;
}

GenerationOptions short_ones() {
  return {.passages = 2, .prompts = {"ab"}, .prompt_tokens = 4, .new_tokens = 3, .repetition_penalty = 1};
}

TEST(GenerationSamples, TakesTheBeginningsOfTheFirstPassages) {
  const std::vector<concepts::ConceptRecord> records = {
      record_of("one", "abcdefghij"), record_of("two", "xyz"), record_of("three", "mnopqrst")};
  for (const auto begin : {std::optional<tokenizer::TokenId>(), std::optional<tokenizer::TokenId>(7)}) {
    const auto tokenizer = test::byte_tokenizer(begin);
    const auto prompts = passage_prompts(prepare_passages(records, begin, 40, 0), tokenizer, short_ones());
    ASSERT_EQ(prompts.size(), 2U);
    EXPECT_EQ(prompts[0].item, "one");
    EXPECT_EQ(prompts[0].text, "abcd");
    EXPECT_EQ(prompts[0].original, "efg");
    EXPECT_EQ(prompts[0].ids.size(), begin ? 5U : 4U);
    // Half of a short passage.
    EXPECT_EQ(prompts[1].text, "x");
    EXPECT_EQ(prompts[1].original, "yz");
  }
}

TEST(GenerationSamples, OwnPromptsBeginAsTheTokenizerBegins) {
  const auto prompts = own_prompts(test::byte_tokenizer(7), 40, short_ones());
  ASSERT_EQ(prompts.size(), 1U);
  EXPECT_EQ(prompts[0].item, "prompt 1");
  EXPECT_THAT(prompts[0].ids, testing::ElementsAre(7, 'a', 'b'));
  auto options = short_ones();
  options.prompts = {"a", ""};
  EXPECT_THROW(own_prompts(test::byte_tokenizer(), 40, options), InputError);
  options.prompts = {std::string(38, 'a')};
  EXPECT_THROW(own_prompts(test::byte_tokenizer(), 40, options), InputError);
  options.prompts = {std::string(37, 'a')};
  EXPECT_EQ(own_prompts(test::byte_tokenizer(), 40, options).size(), 1U);
}

TEST(GenerationSamples, ContinuesAsTheDecoderGenerates) {
  const auto decoder = test::byte_decoder();
  const auto adapter = test::random_adapter(test::byte_config(), {});
  const auto tokenizer = test::byte_tokenizer();
  const auto prompts = own_prompts(tokenizer, 40, short_ones());
  for (const model::LoraAdapter* used :
       std::initializer_list<const model::LoraAdapter*>{nullptr, adapter.get()}) {
    const auto texts = continue_prompts(decoder, used, tokenizer, prompts, short_ones(), nullptr, {});
    const auto ids = generation::generate(decoder, prompts[0].ids, {.max_new_tokens = 3}, used);
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_EQ(texts[0], tokenizer.decode(ids, true));
  }
}

TEST(GenerationSamples, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const auto tokenizer = test::byte_tokenizer();
  EXPECT_THROW(
      continue_prompts(test::byte_decoder(), nullptr, tokenizer, own_prompts(tokenizer, 40, short_ones()),
                       short_ones(), nullptr, source.get_token()),
      Interrupted);
}

}  // namespace
}  // namespace conceptune::evaluation
