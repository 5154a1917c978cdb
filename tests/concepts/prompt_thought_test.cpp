#include "conceptune/concepts/prompt_thought.h"

#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "conceptune/runtime/tokenizer/chat_template.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

std::shared_ptr<const tokenizer::Tokenizer> with_template(const std::string& name) {
  tokenizer::TokenizerDefinition definition;
  definition.tokens = {"<|im_start|>", "<|im_end|>"};
  definition.kinds = {tokenizer::TokenKind::special, tokenizer::TokenKind::special};
  definition.end_token = 1;
  definition.chat_template = read_file(test::source("tests/reference/chat_templates/" + name), "test");
  return std::make_shared<const tokenizer::Tokenizer>(std::move(definition));
}

TEST(WithoutThinking, RendersAsTransformersDoesWithEnableThinkingFalse) {
  const tokenizer::ChatMessage message{"user", "Which words?"};
  const auto qwen3 = with_template("qwen3.jinja");
  EXPECT_EQ(tokenizer::render_chat(*qwen3, {&message, 1}, true),
            "<|im_start|>user\nWhich words?<|im_end|>\n<|im_start|>assistant\n");
  EXPECT_EQ(tokenizer::render_chat(*without_thinking(qwen3), {&message, 1}, true),
            "<|im_start|>user\nWhich words?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n");
  EXPECT_EQ(without_thinking(qwen3)->hash(), qwen3->hash());
}

TEST(WithoutThinking, LeavesOtherTokenizersAsTheyAre) {
  const auto qwen2 = with_template("qwen2.jinja");
  EXPECT_EQ(without_thinking(qwen2), qwen2);
}

TEST(Thought, MayBeginInThePrompt) {
  EXPECT_TRUE(ends_in_thought("<|assistant|><think>\n"));
  EXPECT_TRUE(ends_in_thought("<think>a</think> <think>"));
  EXPECT_FALSE(ends_in_thought("<|assistant|>\n<think>\n\n</think>\n\n"));
  EXPECT_FALSE(ends_in_thought("think"));
}

TEST(Thought, IsLeftOutOfTheAnswer) {
  EXPECT_EQ(after_thought("[a, b]", false), "[a, b]");
  EXPECT_EQ(after_thought("<think>[c]</think>[a, b]", false), "[a, b]");
  EXPECT_EQ(after_thought("[c]</think>[a, b]", true), "[a, b]");
  EXPECT_EQ(after_thought("[c]</think>[a, b]", false), "[a, b]") << "a server may have begun it";
  EXPECT_EQ(after_thought("[THINK]c[/THINK][a]", false), "[a]");
  EXPECT_EQ(after_thought("<think></think>", false), "");
  EXPECT_EQ(after_thought("[a, b]", true), std::nullopt);
  EXPECT_EQ(after_thought("<think>[a, b]", false), std::nullopt);
  EXPECT_EQ(after_thought("<think>a</think> <think>[b]", false), std::nullopt);
  EXPECT_EQ(after_thought("[THINK]a, b", false), std::nullopt);
}

TEST(Thought, HasTags) {
  EXPECT_TRUE(is_thought_tag("<think>"));
  EXPECT_TRUE(is_thought_tag("[/THINK]"));
  EXPECT_FALSE(is_thought_tag("<|im_end|>"));
}

}  // namespace
}  // namespace conceptune::concepts
