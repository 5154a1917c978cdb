#include "conceptune/evaluation/text_convention.h"

#include <gmock/gmock.h>

#include "conceptune/base/error.h"
#include "tests/evaluation/small_model.h"

namespace conceptune::evaluation {
namespace {

using testing::ElementsAre;

TEST(TextConvention, ResolvesBeginTokens) {
  const auto without = test::byte_tokenizer();
  const auto with = test::byte_tokenizer(7);
  EXPECT_EQ(begin_token_of("none", with), std::nullopt);
  EXPECT_EQ(begin_token_of("own", with), 7);
  EXPECT_EQ(begin_token_of("own", without), std::nullopt);
  EXPECT_EQ(begin_token_of("auto", with), 7);
  EXPECT_EQ(begin_token_of("auto", without), test::kSeparator);
  EXPECT_EQ(begin_token_of("0", without), 0);
  for (const char* rule : {"257", "-1", "1x", "", "always", "99999999999"})
    EXPECT_THROW(begin_token_of(rule, without), InputError) << rule;
}

TEST(TextConvention, EncodesInOrder) {
  const auto tokenizer = test::byte_tokenizer();
  const TextEncoder in_text({}, tokenizer);
  EXPECT_THAT(in_text.encode("ab"), ElementsAre(test::kSeparator, ' ', 'a', 'b'));
  EXPECT_EQ(in_text.unpooled_tokens(), 1);
  const TextEncoder paper(paper_convention(), tokenizer);
  EXPECT_THAT(paper.encode("ab"), ElementsAre('a', 'b'));
  EXPECT_EQ(paper.unpooled_tokens(), 0);
  TextConvention templated;
  templated.text_template = "<{}>";
  templated.pool_begin = true;
  EXPECT_THAT(TextEncoder(templated, tokenizer).encode("a"),
              ElementsAre(test::kSeparator, ' ', '<', 'a', '>'));
  EXPECT_EQ(TextEncoder(templated, tokenizer).unpooled_tokens(), 0);
}

TEST(TextConvention, DoesNotReadSpecialTokensInTexts) {
  const auto tokenizer = test::byte_tokenizer();
  EXPECT_EQ(TextEncoder(paper_convention(), tokenizer).encode("<|endoftext|>").size(), 13U);
}

TEST(TextConvention, RecordsTheResolvedToken) {
  const auto tokenizer = test::byte_tokenizer();
  EXPECT_EQ(TextEncoder({}, tokenizer).record()["begin_token"], test::kSeparator);
  EXPECT_TRUE(TextEncoder(paper_convention(), tokenizer).record()["begin_token"].is_null());
  EXPECT_EQ(TextEncoder({}, tokenizer).record()["pooling"], "mean");
}

TEST(TextConvention, RefusesATemplateWithoutOneSlot) {
  const auto tokenizer = test::byte_tokenizer();
  for (const char* text : {"", "word", "{} and {}"}) {
    TextConvention convention;
    convention.text_template = text;
    EXPECT_THROW(TextEncoder(convention, tokenizer), InputError) << text;
  }
}

}  // namespace
}  // namespace conceptune::evaluation
