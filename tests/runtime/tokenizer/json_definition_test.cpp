#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/byte_alphabet.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::tokenizer {
namespace {

using ::testing::HasSubstr;

class GoldenFamily : public ::testing::TestWithParam<const char*> {};

// A folder with the tokenizer.json of the golden file, and its texts with ids and offsets.
TEST_P(GoldenFamily, GivesTheIdsAndOffsetsOfHuggingFace) {
  const auto golden = read_json_file(
      test::source(std::string("tests/reference/tokenizer_json_") + GetParam() + ".json"), "test");
  const test::TemporaryFolder folder;
  folder.write("tokenizer.json", golden.at("tokenizer").dump());
  const auto tokenizer = Tokenizer::load(folder.path());
  for (const auto& item : golden.at("cases")) {
    const auto text = item.at("text").get<std::string>();
    const auto encoding = tokenizer->encode(text, true);
    EXPECT_EQ(encoding.ids, item.at("ids").get<std::vector<TokenId>>()) << text;
    Json offsets = Json::array();
    for (const auto& [begin, end] : encoding.offsets) offsets.push_back({begin, end});
    EXPECT_EQ(offsets, item.at("offsets")) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenFamily,
                         ::testing::Values("llama3", "qwen2", "falcon", "smollm2", "other"),
                         [](const auto& instance) { return instance.param; });

/// A small valid tokenizer.json to spoil.
Json small_tokenizer() {
  Json vocabulary = Json::object();
  for (int byte = 0; byte < 128; ++byte)
    vocabulary[written_form(std::string(1, static_cast<char>(byte)))] = byte;
  vocabulary["ab"] = 128;
  return {{"added_tokens", {{{"id", 129}, {"content", "<s>"}, {"special", true}}}},
          {"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
          {"post_processor", nullptr},
          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", {"a b"}}}}};
}

TokenizerDefinition read(const Json& content) {
  return definition_from_json_text(content.dump(), "tokenizer.json");
}

void expect_refused(const Json& content, const std::string& problem) {
  try {
    read(content);
    ADD_FAILURE() << "accepted; expected: " << problem;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(problem));
  }
}

Json changed(const char* pointer, Json value) {
  Json content = small_tokenizer();
  content[Json::json_pointer(pointer)] = std::move(value);
  return content;
}

TEST(JsonDefinition, ReadsTokensMergesAndAddedTokens) {
  const auto definition = read(small_tokenizer());
  EXPECT_EQ(definition.tokens.size(), 130U);
  EXPECT_EQ(definition.tokens[128], "ab");
  EXPECT_EQ(definition.kinds[129], TokenKind::special);
  ASSERT_EQ(definition.merges.size(), 1U);
  EXPECT_EQ(definition.merges[0].merged, 128);
}

TEST(JsonDefinition, RefusesWhatItWouldReadWrongly) {
  expect_refused(changed("/model/type", "WordPiece"), "model type is 'WordPiece', expected 'BPE'");
  expect_refused(changed("/model/byte_fallback", true), "'byte_fallback' is not supported");
  expect_refused(changed("/model/unk_token", "<s>"), "'unk_token' is not supported");
  expect_refused(changed("/model/end_of_word_suffix", "</w>"), "'end_of_word_suffix' is not supported");
  expect_refused(changed("/normalizer", {{"type", "Lowercase"}}), "normalizer 'Lowercase' is not supported");
  expect_refused(changed("/pre_tokenizer", nullptr), "no ByteLevel pre-tokenizer");
  expect_refused(changed("/pre_tokenizer/add_prefix_space", true), "'add_prefix_space' is not supported");
  expect_refused(changed("/pre_tokenizer/type", "Metaspace"), "pre-tokenizer 'Metaspace' is not supported");
  expect_refused(changed("/post_processor", {{"type", "BertProcessing"}}),
                 "'BertProcessing' is not supported");
  expect_refused(changed("/added_tokens/0/lowered", true), "added token '<s>' has 'lowered'");
  expect_refused(changed("/model/dropout", 0.1), "'dropout' is not supported");
  expect_refused(changed("/model/unigram_scores", {1}),
                 "the model has 'unigram_scores', which is not supported");
  const Json behind = {{"type", "TemplateProcessing"},
                       {"single", {{{"Sequence", {{"id", "A"}}}}, {{"SpecialToken", {{"id", "<s>"}}}}}}};
  expect_refused(changed("/post_processor", behind), "puts a token behind a text");
}

TEST(JsonDefinition, RefusesBrokenContent) {
  EXPECT_THROW(definition_from_json_text("{\"model\":", "f"), InputError);
  EXPECT_THROW(definition_from_json_text("[]", "f"), InputError);
  EXPECT_THROW(definition_from_json_text(std::string(100000, '['), "f"), InputError);
  EXPECT_THROW(definition_from_json_text("{\"model\": \"\xff\"}", "f"), InputError);
  expect_refused(changed("/model", Json::object()), "expected an object 'vocab'");
  expect_refused(changed("/model/vocab/a", "x"), "'a' has another type than expected");
  expect_refused(changed("/model/vocab/a", -1), "expected 0 to");
  expect_refused(changed("/model/vocab/a", 98), "id 98 has two tokens");
  expect_refused(changed("/model/vocab/a", 10000000), "token id 10000000 in a vocabulary of 129");
  expect_refused(changed("/model/merges/0", "ab"), "expected two parts");
  expect_refused(changed("/model/merges/0", "b a"), "merges: 'ba' is not in the vocabulary");
  expect_refused(changed("/model/merges/0", {"a", "b", "c"}), "a merge of 3 parts");
  expect_refused(changed("/added_tokens/0/content", std::string(5000, 'x')), "an added token has 5000 bytes");
  expect_refused(changed("/added_tokens/0/content", "a"), "in the vocabulary 97");
  Json other_bytes = changed("/added_tokens/0/content", "\u0120");
  other_bytes["added_tokens"][0]["id"] = 32;
  expect_refused(other_bytes, "stands for other bytes in the vocabulary");
  const Json pattern = {{"type", "Split"}, {"pattern", {{"Regex", "(a"}}}, {"behavior", "Isolated"}};
  expect_refused(changed("/pre_tokenizer", pattern), "missing closing parenthesis");
}

TEST(JsonDefinition, RefusesKeysTwice) {
  EXPECT_THROW(definition_from_json_text(R"({"model": {}, "model": {}})", "f"), InputError);
  EXPECT_THROW(definition_from_json_text(R"({"model": {"vocab": {"a": 0, "a": 1}, "merges": []}})", "f"),
               InputError);
}

TEST(JsonDefinition, ReadsTheFilesBesideIt) {
  const test::TemporaryFolder folder;
  folder.write("tokenizer.json", small_tokenizer().dump());
  folder.write("tokenizer_config.json",
               R"({"eos_token": {"content": "<s>"}, "chat_template": "from config"})");
  EXPECT_EQ(Tokenizer::load(folder.path())->end_token(), 129);
  EXPECT_EQ(Tokenizer::load(folder.path() / "tokenizer.json")->chat_template(), "from config");
  folder.write("chat_template.jinja", "from file");
  EXPECT_EQ(Tokenizer::load(folder.path())->chat_template(), "from file");
}

TEST(JsonDefinition, TakesTheEndTokenFromTheModelConfig) {
  const test::TemporaryFolder folder;
  folder.write("tokenizer.json", small_tokenizer().dump());
  EXPECT_EQ(Tokenizer::load(folder.path())->end_token(), std::nullopt);
  folder.write("config.json", R"({"eos_token_id": [129, 5]})");
  EXPECT_EQ(Tokenizer::load(folder.path())->end_token(), 129);
}

TEST(JsonDefinition, RefusesTokensThatAreNotThere) {
  const test::TemporaryFolder folder;
  folder.write("tokenizer.json", small_tokenizer().dump());
  const auto refusal = [&]() -> std::string {
    try {
      Tokenizer::load(folder.path());
      return "accepted";
    } catch (const InputError& error) {
      return error.what();
    }
  };
  folder.write("config.json", R"({"eos_token_id": 130})");
  EXPECT_THAT(refusal(), HasSubstr("config.json: 'eos_token_id' is 130, expected a token below 130"));
  folder.write("tokenizer_config.json", R"({"eos_token": "<|end|>"})");
  EXPECT_THAT(refusal(), HasSubstr("'eos_token' is '<|end|>', which is no token of tokenizer.json"));
  folder.write("tokenizer_config.json", R"({"eos_token": 129})");
  EXPECT_THAT(refusal(), HasSubstr("tokenizer_config.json: 'eos_token' is 129, expected a token's text"));
  folder.write("tokenizer_config.json", R"({"eos_token": null, "bos_token": null})");
  folder.write("config.json", R"({"eos_token_id": null})");
  EXPECT_EQ(refusal(), "accepted");
}

TEST(JsonDefinition, NeedsOneTokenizerInAFolder) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(Tokenizer::load(folder.path()), InputError);
}

}  // namespace
}  // namespace conceptune::tokenizer
