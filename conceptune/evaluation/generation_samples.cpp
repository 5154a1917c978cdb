#include "conceptune/evaluation/generation_samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/runtime/generation/generate.h"

namespace conceptune::evaluation {
namespace {

/// Position of the first token that is text.
std::size_t text_begin(const std::vector<tokenizer::TokenId>& ids, const tokenizer::Tokenizer& tokenizer) {
  const auto begin = tokenizer.begin_token();
  return begin && !ids.empty() && ids.front() == *begin ? 1 : 0;
}

SamplePrompt prompt_of(const PreparedPassages::Passage& passage, const tokenizer::Tokenizer& tokenizer,
                       const GenerationOptions& options) {
  const std::span<const tokenizer::TokenId> ids(passage.ids);
  const std::size_t begin = text_begin(passage.ids, tokenizer);
  const std::size_t half = std::max<std::size_t>((ids.size() - begin) / 2, 1);
  const std::size_t end = begin + std::min<std::size_t>(options.prompt_tokens, half);
  const std::size_t original = std::min<std::size_t>(options.new_tokens, ids.size() - end);
  return {.item = passage.id,
          .ids = {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(end)},
          .text = tokenizer.decode(ids.subspan(begin, end - begin)),
          .original = tokenizer.decode(ids.subspan(end, original))};
}

}  // namespace

std::vector<SamplePrompt> passage_prompts(const PreparedPassages& prepared,
                                          const tokenizer::Tokenizer& tokenizer,
                                          const GenerationOptions& options) {
  std::vector<SamplePrompt> prompts;
  for (const auto& passage : prepared.passages) {
    if (std::cmp_equal(prompts.size(), options.passages)) break;
    prompts.push_back(prompt_of(passage, tokenizer, options));
  }
  return prompts;
}

std::vector<SamplePrompt> own_prompts(const tokenizer::Tokenizer& tokenizer, std::int64_t context_length,
                                      const GenerationOptions& options) {
  constexpr const char* kDoing = "reading the prompts to continue";
  std::vector<SamplePrompt> prompts;
  for (const auto& text : options.prompts) {
    const std::string item = fmt::format("prompt {}", prompts.size() + 1);
    SamplePrompt prompt{.item = item, .ids = tokenizer.encode_ids(text), .text = text, .original = {}};
    if (prompt.ids.empty()) throw InputError(kDoing, item, "empty, expected text");
    prompt.ids = tokenizer.with_begin(prompt.ids);
    if (std::cmp_greater(prompt.ids.size() + static_cast<std::size_t>(options.new_tokens), context_length))
      throw InputError(kDoing, item,
                       fmt::format("{} tokens and {} to write, the context holds {}", prompt.ids.size(),
                                   options.new_tokens, context_length));
    prompts.push_back(std::move(prompt));
  }
  return prompts;
}

std::vector<std::string> continue_prompts(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                          const tokenizer::Tokenizer& tokenizer,
                                          const std::vector<SamplePrompt>& prompts,
                                          const GenerationOptions& options, ProgressObserver* observer,
                                          std::stop_token stop) {
  generation::PromptGroup group;
  std::size_t longest = 0;
  for (const auto& prompt : prompts) {
    group.suffixes.push_back(prompt.ids);
    longest = std::max(longest, prompt.ids.size());
  }
  const auto room = decoder.config().context_length - static_cast<std::int64_t>(longest);
  generation::GenerateOptions generate{
      .max_new_tokens = static_cast<int>(std::min<std::int64_t>(options.new_tokens, room)),
      .repetition_penalty = options.repetition_penalty};
  if (const auto end = tokenizer.end_token()) generate.stop_tokens.push_back(*end);
  std::vector<std::string> texts;
  const auto written =
      generation::generate(decoder, {&group, 1}, generate, adapter, observer, std::move(stop));
  for (const auto& ids : written.front()) texts.push_back(tokenizer.decode(ids, /*skip_special=*/true));
  return texts;
}

}  // namespace conceptune::evaluation
