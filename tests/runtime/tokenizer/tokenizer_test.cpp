#include "conceptune/runtime/tokenizer/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <chrono>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/base/line_reader.h"
#include "tests/support/inputs.h"

namespace conceptune::tokenizer {
namespace {

std::vector<std::string> parts_between(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.emplace_back(text);
  return parts;
}

std::vector<TokenId> ids_of_line(std::string_view line) {
  std::vector<TokenId> ids;
  for (const auto& word : parts_between(line, " ")) {
    TokenId id;
    if (std::from_chars(word.data(), word.data() + word.size(), id).ec == std::errc()) ids.push_back(id);
  }
  return ids;
}

/// A quadratic step would take minutes.
void expect_linear_time(const Tokenizer& tokenizer) {
  for (const char* character : {"a", " ", "1", "'", "\n", "\u3000", "é"}) {
    std::string text;
    while (text.size() < 1'000'000) text += character;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(tokenizer.decode(tokenizer.encode_ids(text)), text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10)) << character;
  }
}

class LlamaCppVocabulary : public ::testing::TestWithParam<const char*> {};

TEST_P(LlamaCppVocabulary, GivesTheIdsOfLlamaCpp) {
  const auto model = test::shared("data/tokenizers") / (std::string("ggml-vocab-") + GetParam() + ".gguf");
  CONCEPTUNE_REQUIRE(model);
  const auto tokenizer = Tokenizer::load(model);
  const auto texts =
      parts_between(read_file(model.string() + ".inp", "reading test"), "\n__ggml_vocab_test__\n");
  const auto lines = parts_between(read_file(model.string() + ".out", "reading test"), "\n");
  ASSERT_GE(lines.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(tokenizer->encode_ids(texts[i]), ids_of_line(lines[i])) << "text " << i << ": " << texts[i];
}

TEST_P(LlamaCppVocabulary, TakesLinearTimeOnOneRepeatedCharacter) {
  const auto model = test::shared("data/tokenizers") / (std::string("ggml-vocab-") + GetParam() + ".gguf");
  CONCEPTUNE_REQUIRE(model);
  expect_linear_time(*Tokenizer::load(model));
}

INSTANTIATE_TEST_SUITE_P(All, LlamaCppVocabulary, ::testing::Values("llama-bpe", "qwen2", "gpt-2", "falcon"));

class SmolLm2 : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto model = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    CONCEPTUNE_REQUIRE(model);
    static const auto shared_by_tests = Tokenizer::load(model);
    tokenizer_ = shared_by_tests;
  }

  std::shared_ptr<const Tokenizer> tokenizer_;
};

TEST_F(SmolLm2, GivesTheIdsAndOffsetsOfHuggingFace) {
  LineReader lines(test::source("tests/reference/tokenizer_smollm2.jsonl"), "reading golden values");
  for (std::string line; lines.next(line);) {
    const auto golden = parse_json(line, "reading golden values", lines.where());
    const auto text = golden.at("text").get<std::string>();
    const auto encoding = tokenizer_->encode(text, golden.at("special").get<bool>());
    EXPECT_EQ(encoding.ids, golden.at("ids").get<std::vector<TokenId>>()) << text;
    Json offsets = Json::array();
    for (const auto& [begin, end] : encoding.offsets) offsets.push_back({begin, end});
    EXPECT_EQ(offsets, golden.at("offsets")) << text;
  }
}

TEST_F(SmolLm2, DecodesWhatItEncoded) {
  for (const std::string text : {"Hello world", " naïve 日本語 😀\n\n  x", "it's 1,234"})
    EXPECT_EQ(tokenizer_->decode(tokenizer_->encode_ids(text)), text);
  const auto ids = tokenizer_->encode_ids("<|im_start|>user", true);
  EXPECT_EQ(tokenizer_->decode(ids), "<|im_start|>user");
  EXPECT_EQ(tokenizer_->decode(ids, true), "user");
}

TEST_F(SmolLm2, ReplacesPartsOfCharactersWhenDecoding) {
  auto ids = tokenizer_->encode_ids("a🥿b");
  ASSERT_GT(ids.size(), 3U);
  ids.erase(ids.begin() + 1);
  const auto text = tokenizer_->decode(ids);
  EXPECT_NE(text.find("\xEF\xBF\xBD"), std::string::npos);
  EXPECT_TRUE(text.starts_with("a") && text.ends_with("b"));
}

TEST_F(SmolLm2, KnowsItsSpecialTokens) {
  EXPECT_EQ(tokenizer_->size(), 49152U);
  EXPECT_EQ(tokenizer_->begin_token(), std::nullopt);
  EXPECT_EQ(tokenizer_->end_token(), 2);
  EXPECT_TRUE(tokenizer_->is_special(2));
  EXPECT_FALSE(tokenizer_->is_special(1000));
  EXPECT_EQ(tokenizer_->token_bytes(tokenizer_->encode_ids(" world")[0]), " world");
  EXPECT_NE(tokenizer_->chat_template(), std::nullopt);
}

TEST_F(SmolLm2, RefusesInvalidTextAndIds) {
  EXPECT_THROW(tokenizer_->encode("a\xff"), InputError);
  EXPECT_THROW(tokenizer_->decode(std::vector<TokenId>{49152}), InputError);
  EXPECT_THROW(tokenizer_->decode(std::vector<TokenId>{-1}), InputError);
}

TEST_F(SmolLm2, TakesLinearTimeOnOneRepeatedCharacter) { expect_linear_time(*tokenizer_); }

TEST(Tokenizer, AddsABeginTokenOnlyForLlama3) {
  const auto folder = test::shared("data/tokenizers");
  CONCEPTUNE_REQUIRE(folder);
  const auto llama = Tokenizer::load(folder / "ggml-vocab-llama-bpe.gguf");
  EXPECT_EQ(llama->begin_token(), 128000);
  EXPECT_EQ(llama->with_begin(std::vector<TokenId>{5, 6}), (std::vector<TokenId>{128000, 5, 6}));
  EXPECT_EQ(llama->leading_tokens(), 1U);
  const auto qwen = Tokenizer::load(folder / "ggml-vocab-qwen2.gguf");
  EXPECT_EQ(qwen->begin_token(), std::nullopt);
  EXPECT_EQ(qwen->with_begin(std::vector<TokenId>{5, 6}), (std::vector<TokenId>{5, 6}));
  EXPECT_EQ(qwen->leading_tokens(), 0U);
}

TEST(Tokenizer, DiffersInHashFromOthers) {
  const auto folder = test::shared("data/tokenizers");
  CONCEPTUNE_REQUIRE(folder);
  const auto gpt2 = Tokenizer::load(folder / "ggml-vocab-gpt-2.gguf");
  EXPECT_EQ(gpt2->hash(), Tokenizer::load(folder / "ggml-vocab-gpt-2.gguf")->hash());
  EXPECT_NE(gpt2->hash(), Tokenizer::load(folder / "ggml-vocab-falcon.gguf")->hash());
}

}  // namespace
}  // namespace conceptune::tokenizer
