// Greedy decoding, many continuations at once.
#pragma once

#include <functional>
#include <stop_token>

#include "conceptune/base/progress.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::generation {

struct GenerateOptions {
  int max_new_tokens = 64;
  double repetition_penalty = 1.0;
  std::vector<std::int32_t> stop_tokens = {};
  int cached_tokens = 16384;
  /// Whether what has been written so far is all that is wanted; null for no. Called from several threads.
  std::function<bool(std::span<const std::int32_t> written)> is_complete = {};

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("max_new_tokens", max_new_tokens, "Tokens to write at most", at_least(1));
    visit("repetition_penalty", repetition_penalty,
          "Divides the positive logits of tokens already there and "
          "multiplies the negative ones (Keskar et al., CTRL, 2019); 1 for none",
          between(0.01, 100));
    visit("stop_tokens", stop_tokens, "Token ids that end a continuation");
    visit("cached_tokens", cached_tokens, "Tokens whose keys and values are held at once", at_least(1));
  }
};

/// A text and what is to follow it: continuation i goes on from prefix + suffixes[i]. The prefix is run once.
struct PromptGroup {
  std::vector<std::int32_t> prefix;                 // may be empty
  std::vector<std::vector<std::int32_t>> suffixes;  // each at least one token
};

/// New tokens of every suffix of every group, without the stop token that ended them. Greedy: of equal logits
/// the smaller id. The repetition penalty counts prompt and written tokens, as transformers does.
/// Continuations are run together, of one group and of several, as far as `cached_tokens` allows; results do
/// not depend on that beyond rounding. Throws InputError for an empty suffix and Interrupted when asked to
/// stop.
std::vector<std::vector<std::vector<std::int32_t>>> generate(const model::Decoder& decoder,
                                                             std::span<const PromptGroup> groups,
                                                             const GenerateOptions& options,
                                                             const model::LoraAdapter* adapter = nullptr,
                                                             ProgressObserver* observer = nullptr,
                                                             std::stop_token stop = {});

/// One prompt alone.
std::vector<std::int32_t> generate(const model::Decoder& decoder, std::span<const std::int32_t> prompt,
                                   const GenerateOptions& options,
                                   const model::LoraAdapter* adapter = nullptr);

}  // namespace conceptune::generation
