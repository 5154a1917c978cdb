// What a model makes of texts with and without an adapter: nats a token, the mean of −log p over a text's
// tokens.
//
// usage: score_texts MODEL ADAPTER < TEXTS
// A text a line. ADAPTER is the folder of an adapter in PEFT's format, or of a training run.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "conceptune/results/subject_names.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/model/packed_batch.h"

using namespace conceptune;

namespace {

/// Row t of the logits is what the model expects behind token t.
double nats_a_token(const model::Decoder& decoder, const model::PackedBatch& batch,
                    const model::LoraAdapter* adapter) {
  const model::Matrix logits_NV = decoder.project(decoder.forward(batch, adapter));
  double sum = 0;
  for (std::int64_t t = 0; t + 1 < batch.size(); ++t) {
    const float* const row = logits_NV.row(t);
    const float largest = *std::max_element(row, row + logits_NV.width());
    double total = 0;
    for (std::int64_t v = 0; v < logits_NV.width(); ++v) total += std::exp(row[v] - largest);
    sum += largest + std::log(total) - row[batch.tokens[static_cast<std::size_t>(t + 1)]];
  }
  return sum / static_cast<double>(batch.size() - 1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: score_texts MODEL ADAPTER < TEXTS\n", stderr), 2;
  try {
    const generation::LanguageModel model(argv[1]);
    const auto adapter = model::load_adapter(evaluation::trained_in(argv[2]), model.config());
    std::printf("%8s %8s  text\n", "base", "adapter");
    for (std::string text; std::getline(std::cin, text);) {
      auto ids = model.tokenizer()->encode_ids(text);
      if (const auto begin = model.tokenizer()->begin_token()) ids.insert(ids.begin(), *begin);
      if (ids.size() < 2) continue;
      model::PackedBatch batch;
      batch.append(ids);
      std::printf("%8.4f %8.4f  %s\n", nats_a_token(model.decoder(), batch, nullptr),
                  nats_a_token(model.decoder(), batch, adapter.get()), text.c_str());
    }
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
