#include "conceptune/training/run/sample_predictions.h"

#include "conceptune/base/error.h"

namespace conceptune::training {

SamplePrompts prepare_prompts(std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                              const std::vector<std::string>& texts) {
  SamplePrompts prompts{texts, {}, {}};
  for (const auto& text : texts) {
    auto& tokens = prompts.tokens.emplace_back(tokenizer->encode_ids(text));
    if (const auto begin = tokenizer->begin_token()) tokens.insert(tokens.begin(), *begin);
    if (tokens.empty()) throw InputError("training", "a prompt to log", "is empty, expected a text");
  }
  prompts.token_text = [tokenizer = std::move(tokenizer)](std::int32_t id) {
    return tokenizer->decode(std::vector{id});
  };
  return prompts;
}

Json predict_next_tokens(const Trainable& model, const SamplePrompts& prompts, std::int64_t count) {
  const at::NoGradGuard no_autograd;
  model::PackedBatch batch;
  std::vector<std::int64_t> last_rows;
  for (const auto& tokens : prompts.tokens) {
    batch.append(tokens);
    last_rows.push_back(batch.size() - 1);
  }
  const at::Tensor hidden_ND = model.forward(batch, std::nullopt);
  const at::Tensor rows_M = at::tensor(last_rows, at::kLong).to(hidden_ND.device());
  const at::Tensor last_MD = hidden_ND.index_select(0, rows_M).to(at::kFloat);
  const at::Tensor p_MV = at::softmax(model.head().forward(last_MD), 1);
  const auto [top_p_MK, top_ids_MK] = at::topk(p_MV.cpu(), std::min(count, p_MV.size(1)));
  Json predictions = Json::array();
  for (std::int64_t m = 0; m < p_MV.size(0); ++m) {
    Json tokens = Json::array();
    for (std::int64_t k = 0; k < top_ids_MK.size(1); ++k) {
      const auto id = static_cast<std::int32_t>(top_ids_MK[m][k].item<std::int64_t>());
      tokens.push_back(
          {{"id", id}, {"token", prompts.token_text(id)}, {"probability", top_p_MK[m][k].item<float>()}});
    }
    predictions.push_back(
        {{"prompt", prompts.texts[static_cast<std::size_t>(m)]}, {"tokens", std::move(tokens)}});
  }
  return predictions;
}

}  // namespace conceptune::training
