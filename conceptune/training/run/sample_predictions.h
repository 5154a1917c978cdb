// What a model in training says to fixed prompts: a look at what the concept objective does to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/training/models/trainable.h"

namespace conceptune::training {

struct SamplePrompts {
  std::vector<std::string> texts;
  /// Of each text, with the begin token where the tokenizer adds one.
  std::vector<std::vector<std::int32_t>> tokens;
  std::function<std::string(std::int32_t)> token_text;
};

/// Throws InputError for a text without tokens.
SamplePrompts prepare_prompts(std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                              const std::vector<std::string>& texts);

/// The `count` likeliest next tokens behind every prompt: [{"prompt", "tokens": [{"id", "token",
/// "probability"}, …]}, …], likeliest first.
Json predict_next_tokens(const Trainable& model, const SamplePrompts& prompts, std::int64_t count);

}  // namespace conceptune::training
