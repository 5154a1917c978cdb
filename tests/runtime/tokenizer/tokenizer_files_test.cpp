// Tokenizers written in the other format, against vocabularies of llama.cpp.
#include "conceptune/runtime/tokenizer/tokenizer_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "conceptune/base/file.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::tokenizer {
namespace {

using testing::HasSubstr;

std::filesystem::path vocabulary_of(const char* name) {
  return test::shared("data/tokenizers") / (std::string("ggml-vocab-") + name + ".gguf");
}

void write_files(const TokenizerFiles& files, const std::filesystem::path& folder) {
  write_file_atomically(folder / "tokenizer.json", to_json_text(files.tokenizer));
  write_file_atomically(folder / "tokenizer_config.json", to_json_text(files.config));
}

class TokenizerFilesOf : public testing::TestWithParam<const char*> {};

TEST_P(TokenizerFilesOf, EncodeAsTheGguf) {
  const auto gguf = vocabulary_of(GetParam());
  CONCEPTUNE_REQUIRE(gguf);
  const test::TemporaryFolder folder;
  write_files(tokenizer_files_of(GgufFile(gguf)), folder.path());
  const auto expected = Tokenizer::load(gguf), found = Tokenizer::load(folder.path());
  const std::string text = read_file(gguf.string() + ".inp", "reading test");
  EXPECT_EQ(found->encode_ids(text), expected->encode_ids(text));
  EXPECT_EQ(found->encode_ids("a<|endoftext|>b", true), expected->encode_ids("a<|endoftext|>b", true));
  EXPECT_EQ(found->begin_token(), expected->begin_token());
  EXPECT_EQ(found->begin_token_text(), expected->begin_token_text());
  EXPECT_EQ(found->end_token(), expected->end_token());
  EXPECT_EQ(found->chat_template(), expected->chat_template());
}

TEST_P(TokenizerFilesOf, GiveTheGgufBack) {
  const auto gguf = vocabulary_of(GetParam());
  CONCEPTUNE_REQUIRE(gguf);
  const test::TemporaryFolder folder;
  const GgufFile file(gguf);
  write_files(tokenizer_files_of(file), folder.path());
  const auto& tokens = *file.strings("tokenizer.ggml.tokens");
  GgufValues values;
  set_tokenizer(folder.path(), std::ssize(tokens) + 2, values);
  auto expected = tokens;
  const std::string padding[] = {"[PAD" + std::to_string(tokens.size()) + "]",
                                 "[PAD" + std::to_string(tokens.size() + 1) + "]"};
  expected.insert(expected.end(), std::begin(padding), std::end(padding));
  EXPECT_EQ(values.values().at("tokenizer.ggml.tokens").strings, expected);
  EXPECT_EQ(values.values().at("tokenizer.ggml.merges").strings, *file.strings("tokenizer.ggml.merges"));
  EXPECT_EQ(values.values().at("tokenizer.ggml.pre").text(), file.metadata().at("tokenizer.ggml.pre").text());
  EXPECT_EQ(values.values().at("tokenizer.ggml.eos_token_id").text(),
            file.metadata().at("tokenizer.ggml.eos_token_id").text());
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, TokenizerFilesOf, testing::Values("gpt-2", "llama-bpe", "qwen2"));

TEST(TokenizerFiles, RefuseSplittingThatNoFamilyWrites) {
  const auto gguf = vocabulary_of("falcon");
  CONCEPTUNE_REQUIRE(gguf);
  EXPECT_THAT(test::refusal_of([&] { tokenizer_files_of(GgufFile(gguf)); }),
              HasSubstr("tokenizer.ggml.pre is 'falcon', which is not written as a tokenizer.json here"));
}

const Json kByteLevel = {
    {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};

Json small_tokenizer() {
  return {{"added_tokens",
           {{{"id", 3}, {"content", "<end>"}, {"special", true}},
            {{"id", 4}, {"content", "<one>"}, {"special", false}, {"normalized", false}}}},
          {"pre_tokenizer", kByteLevel},
          {"model", {{"type", "BPE"}, {"vocab", {{"a", 0}, {"b", 1}, {"ab", 2}}}, {"merges", {"a b"}}}}};
}

std::string refusal(const Json& tokenizer, std::int64_t vocabulary = 6) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.path() / "tokenizer.json", to_json_text(tokenizer));
  GgufValues values;
  return test::refusal_of([&] { set_tokenizer(folder.path(), vocabulary, values); });
}

TEST(SetTokenizer, NamesKindsAndSpecialTokens) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.path() / "tokenizer.json", to_json_text(small_tokenizer()));
  write_file_atomically(folder.path() / "tokenizer_config.json",
                        R"({"eos_token": "<end>", "bos_token": "<one>", "chat_template": "{{ 1 }}"})");
  GgufValues values;
  set_tokenizer(folder.path(), 6, values);
  const auto& found = values.values();
  EXPECT_EQ(found.at("tokenizer.ggml.tokens").strings,
            (std::vector<std::string_view>{"a", "b", "ab", "<end>", "<one>", "[PAD5]"}));
  const std::vector<std::int32_t> types = {1, 1, 1, 3, 4, 5};
  EXPECT_TRUE(
      std::ranges::equal(found.at("tokenizer.ggml.token_type").bytes, std::as_bytes(std::span(types))));
  EXPECT_EQ(found.at("tokenizer.ggml.merges").strings, std::vector<std::string_view>{"a b"});
  EXPECT_EQ(found.at("tokenizer.ggml.eos_token_id").text(), "3");
  EXPECT_EQ(found.at("tokenizer.ggml.bos_token_id").text(), "4");
  EXPECT_EQ(found.at("tokenizer.ggml.add_bos_token").text(), "false");
  EXPECT_EQ(found.at("tokenizer.chat_template").text(), "{{ 1 }}");
}

TEST(SetTokenizer, RefusesWhatLlamaCppWouldDoOtherwise) {
  EXPECT_EQ(refusal(small_tokenizer()), "no error");
  EXPECT_THAT(refusal(small_tokenizer(), 4),
              HasSubstr("5 tokens, expected at most the model's vocabulary of 4"));
  Json tokenizer = small_tokenizer();
  tokenizer["model"]["ignore_merges"] = true;
  EXPECT_THAT(refusal(tokenizer), HasSubstr("'ignore_merges' is true, llama.cpp does otherwise for 'gpt-2'"));
  tokenizer = small_tokenizer();
  tokenizer["added_tokens"][1]["lstrip"] = true;
  EXPECT_THAT(refusal(tokenizer), HasSubstr("added token '<one>' looks at what stands beside it"));
  tokenizer = small_tokenizer();
  tokenizer["pre_tokenizer"]["use_regex"] = false;
  EXPECT_THAT(refusal(tokenizer), HasSubstr("splits texts in a way that llama.cpp has no name for here"));
}

}  // namespace
}  // namespace conceptune::tokenizer
