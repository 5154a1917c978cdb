#include "conceptune/runtime/tokenizer/chat_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "tests/support/inputs.h"

namespace conceptune::tokenizer {
namespace {

/// A tokenizer of nothing but a begin token, an end token and a template.
Tokenizer with_template(std::optional<std::string> chat_template) {
  TokenizerDefinition definition;
  definition.tokens = {"<|im_start|>", "<|im_end|>"};
  definition.kinds = {TokenKind::special, TokenKind::special};
  definition.begin_token_text = "<|im_start|>";
  definition.end_token = 1;
  definition.chat_template = std::move(chat_template);
  return Tokenizer(std::move(definition));
}

/// Compares with every golden text of one template.
void expect_golden(const Tokenizer& tokenizer, const std::string& name) {
  const auto golden = read_json_file(test::source("tests/reference/chat_templates.json"), "test");
  int compared = 0;
  for (const auto& item : golden) {
    if (item.at("template") != name) continue;
    std::vector<ChatMessage> messages;
    for (const auto& message : item.at("messages"))
      messages.push_back({message.at("role"), message.at("content")});
    EXPECT_EQ(render_chat(tokenizer, messages, item.at("add_generation_prompt")),
              item.at("text").get<std::string>())
        << item.at("messages");
    ++compared;
  }
  EXPECT_EQ(compared, 10);
}

class GoldenTemplate : public ::testing::TestWithParam<const char*> {};

TEST_P(GoldenTemplate, GivesTheTextOfTransformers) {
  const auto path = test::source("tests/reference/chat_templates") / (std::string(GetParam()) + ".jinja");
  expect_golden(with_template(read_file(path, "test")), GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, GoldenTemplate,
                         ::testing::Values("falcon3", "llama3", "qwen2", "qwen3", "white_space"),
                         [](const auto& instance) { return instance.param; });

TEST(ChatTemplate, GivesTheTextOfTransformersForSmolLm2) {
  const auto model = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(model);
  expect_golden(*Tokenizer::load(model), "SmolLM2");
}

TEST(ChatTemplate, NeedsATemplate) {
  EXPECT_THROW(render_chat(with_template(std::nullopt), {}, true), InputError);
}

TEST(ChatTemplate, RefusesTextThatIsNotUtf8) {
  const ChatMessage broken{"user", "a\xff"};
  EXPECT_THROW(render_chat(with_template("{{ messages[0].content[::-1] }}"), {&broken, 1}, true), InputError);
}

TEST(ChatTemplate, TakesFurtherVariables) {
  const auto tokenizer = with_template(
      "{{ bos_token }}{{ enable_thinking is defined }}{{ enable_thinking }}{{ tools|tojson }}{{ "
      "messages|length }}");
  EXPECT_EQ(render_chat(tokenizer, {}, true), "<|im_start|>Falsenull0");
  EXPECT_EQ(
      render_chat(tokenizer, {}, true,
                  {{"enable_thinking", false}, {"bos_token", "<s>"}, {"tools", Json::array({{{"a", 1}}})}}),
      "<s>TrueFalse[{\"a\": 1}]0");
  EXPECT_THROW(render_chat(tokenizer, {}, true, {{"messages", Json::array()}}), InputError);
  EXPECT_THROW(render_chat(tokenizer, {}, true, {{"x", "\xff"}}), InputError);
}

TEST(ChatTemplate, PassesOnWhatTheTemplateRefuses) {
  const auto tokenizer = with_template("{{ raise_exception('roles must alternate') }}");
  try {
    render_chat(tokenizer, {}, false);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("roles must alternate"));
  }
}

}  // namespace
}  // namespace conceptune::tokenizer
