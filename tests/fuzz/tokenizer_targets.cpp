// The tokenizer's readers of untrusted files.
#include "conceptune/runtime/jinja/template.h"
#include "conceptune/runtime/tokenizer/chat_template.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/fuzz/targets.h"

namespace conceptune::fuzz {
namespace {

const tokenizer::ChatMessage kChat[] = {{"user", "Hi"}, {"assistant", "Ho"}};

/// Puts a tokenizer to use.
void use(tokenizer::TokenizerDefinition definition) {
  const tokenizer::Tokenizer tokenizer(std::move(definition));
  for (const std::string text :
       {"Hello world, it's 1234!\n\n  x", "e\u0301 日本 <s> \u0004 😀", "aaaaaaaaaaaaaaaa"}) {
    tokenizer.encode(text);
    tokenizer.decode(tokenizer.encode_ids(text, true));
  }
  if (tokenizer.chat_template()) tokenizer::render_chat(tokenizer, kChat, true);
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool read_tokenizer_json(std::span<const std::byte> bytes) {
  return accepted([bytes] { use(tokenizer::definition_from_json_text(text_of(bytes), "fuzzed")); });
}

bool read_gguf_tokenizer(std::span<const std::byte> bytes) {
  return accepted([bytes] { use(tokenizer::definition_from_gguf(GgufFile(bytes, "fuzzed"))); });
}

bool read_chat_template(std::span<const std::byte> bytes) {
  return accepted([bytes] {
    const Json messages = {
        {{"role", "system"}, {"content", "s"}},
        {{"role", "user"}, {"content", "é <think>"}},
        {{"role", "tool"}, {"content", "ΑΣ\n"}, {"calls", {{{"x", 1.5}, {"y", nullptr}}, -7, true}}}};
    jinja::Template(text_of(bytes))
        .render({{"messages", messages},
                 {"tools", nullptr},
                 {"add_generation_prompt", true},
                 {"bos_token", "<s>"}});
  });
}

}  // namespace conceptune::fuzz
