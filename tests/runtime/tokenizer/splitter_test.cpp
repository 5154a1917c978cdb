#include "conceptune/runtime/tokenizer/splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "conceptune/base/random.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/tokenizer/regex_splitter.h"
#include "conceptune/runtime/tokenizer/unicode_class.h"

namespace conceptune::tokenizer {
namespace {

using ::testing::ElementsAre;

constexpr char kGpt2[] = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr char kLlama3[] = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
                           R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr char kQwen2[] = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|)"
                          R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

std::vector<std::string> pieces(const SplitterChain& stages, std::string_view text) {
  std::vector<std::string> result;
  std::uint32_t begin = 0;
  for (const auto end : split_all(stages, text)) {
    result.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return result;
}

SplitterChain chain(std::unique_ptr<Splitter> stage) {
  SplitterChain stages;
  stages.push_back(std::move(stage));
  return stages;
}

/// Text of characters that decide cuts, from few enough that every pattern meets every other.
std::string random_text(Random& random) {
  static constexpr char32_t kCharacters[] =
      U"  \t\n\r\u00A0\u3000'''sStTmMdDlLvVrReEaé日ſ159½٣!$<|.,…😀\u0301\u200D_";
  std::string text;
  for (std::uint64_t length = 1 + random.below(24), i = 0; i < length; ++i)
    append_utf8(text, kCharacters[random.below(std::size(kCharacters) - 1)]);
  return text;
}

struct Twin {
  const char* name;
  std::unique_ptr<Splitter> (*make)();
  const char* pattern;
};

class HandWrittenSplitter : public ::testing::TestWithParam<Twin> {};

TEST_P(HandWrittenSplitter, EqualsItsRegularExpression) {
  const auto hand_written = chain(GetParam().make());
  const auto reference = chain(regex_splitter(GetParam().pattern));
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto text = random_text(random);
    ASSERT_EQ(pieces(hand_written, text), pieces(reference, text)) << testing::PrintToString(text);
  }
}

/// A quadratic splitter would take minutes.
void expect_linear_time(const SplitterChain& stages) {
  for (const std::string_view characters :
       {"a", " ", "1", "'", "\n", ".", "\u3000", "é", "\u0301", " \n", "'s", " a"}) {
    std::string text;
    while (text.size() < 1'000'000) text += characters;
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(split_all(stages, text).back(), text.size());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5)) << characters;
  }
}

TEST_P(HandWrittenSplitter, TakesLinearTimeOnOneRepeatedCharacter) {
  expect_linear_time(chain(GetParam().make()));
}

TEST(Splitter, RegularExpressionsTakeLinearTimeOnOneRepeatedCharacter) {
  for (const char* pattern : {kGpt2, kLlama3, kQwen2}) expect_linear_time(chain(regex_splitter(pattern)));
}

INSTANTIATE_TEST_SUITE_P(
    All, HandWrittenSplitter,
    ::testing::Values(Twin{"gpt2", gpt2_splitter, kGpt2},
                      Twin{"llama3", [] { return llama3_splitter(3); }, kLlama3},
                      Twin{"qwen2", [] { return llama3_splitter(1); }, kQwen2},
                      Twin{"number", [] { return number_splitter(true); }, R"(\p{N})"},
                      Twin{"numbers", [] { return number_splitter(false); }, R"(\p{N}+)"},
                      Twin{"punctuation", [] { return punctuation_splitter(false); },
                           R"([\p{P}\$\+<=>\^~\|`]+)"},
                      Twin{"each", [] { return punctuation_splitter(true); }, R"([\p{P}\$\+<=>\^~\|`])"},
                      Twin{"three", three_digit_splitter, "[0-9][0-9][0-9]"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Splitter, IgnoresTheCaseOfContractionsInLlama3Only) {
  EXPECT_THAT(pieces(chain(llama3_splitter(3)), "I'LL it's"), ElementsAre("I", "'LL", " it", "'s"));
  EXPECT_THAT(pieces(chain(gpt2_splitter()), "I'LL it's"), ElementsAre("I", "'", "LL", " it", "'s"));
}

TEST(Splitter, LeavesOneSpaceToTheNextWord) {
  EXPECT_THAT(pieces(chain(gpt2_splitter()), "a   b  "), ElementsAre("a", "  ", " b", "  "));
  EXPECT_THAT(pieces(chain(llama3_splitter(3)), "a \n\n  b"), ElementsAre("a", " \n\n", " ", " b"));
}

TEST(Splitter, StagesSeeOneAnothersCuts) {
  EXPECT_THAT(pieces(splitters_of_gguf_name("smollm"), "in 1234"),
              ElementsAre("in", " ", "1", "2", "3", "4"));
  EXPECT_THAT(pieces(splitters_of_gguf_name("falcon"), "a--b 12345"),
              ElementsAre("a", "--", "b", " ", "123", "45"));
}

TEST(Splitter, KnowsTheNamesInGgufFiles) {
  EXPECT_TRUE(splitters_of_gguf_name("no-such").empty());
  EXPECT_EQ(splitters_of_gguf_name("qwen2").size(), 1U);
  EXPECT_EQ(splitters_of_gguf_name("falcon").size(), 3U);
  EXPECT_NE(known_gguf_splitter_names().find("llama-bpe"), std::string::npos);
}

TEST(Splitter, GivesNothingForEmptyText) {
  EXPECT_TRUE(split_all(splitters_of_gguf_name("gpt-2"), "").empty());
}

}  // namespace
}  // namespace conceptune::tokenizer
