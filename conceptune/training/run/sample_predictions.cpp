#include "conceptune/training/run/sample_predictions.h"

#include <algorithm>
#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/runtime/generation/top_k.h"

namespace conceptune::training {

SamplePrompts prepare_prompts(std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                              const std::vector<std::string>& texts) {
  SamplePrompts prompts{texts, {}, {}};
  for (const auto& text : texts) {
    const auto& tokens = prompts.tokens.emplace_back(tokenizer->with_begin(tokenizer->encode_ids(text)));
    if (tokens.empty()) throw InputError("training", "a prompt to log", "is empty, expected a text");
  }
  prompts.token_text = [tokenizer = std::move(tokenizer)](std::int32_t id) {
    return tokenizer->decode(std::vector{id});
  };
  return prompts;
}

Json predict_next_tokens(const Trainable& model, const SamplePrompts& prompts, std::int64_t count) {
  model::PackedBatch batch;
  std::vector<std::int64_t> last_rows;
  for (const auto& tokens : prompts.tokens) {
    batch.append(tokens);
    last_rows.push_back(batch.size() - 1);
  }
  const model::Matrix logits_MV = model.logits(batch, last_rows);
  const auto top = generation::top_k_of_logits(
      logits_MV, static_cast<int>(std::min<std::int64_t>(count, logits_MV.width())));
  Json predictions = Json::array();
  for (std::int64_t m = 0; m < logits_MV.rows(); ++m) {
    Json tokens = Json::array();
    for (std::int64_t k = 0; k < top.ids_PK.width(); ++k) {
      const std::int32_t id = top.ids_PK.row(m)[k];
      tokens.push_back({{"id", id},
                        {"token", prompts.token_text(id)},
                        {"probability", std::exp(top.log_probs_PK.row(m)[k])}});
    }
    predictions.push_back(
        {{"prompt", prompts.texts[static_cast<std::size_t>(m)]}, {"tokens", std::move(tokens)}});
  }
  return predictions;
}

}  // namespace conceptune::training
