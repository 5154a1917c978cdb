// A model small enough to train in milliseconds: hidden = e + scale · tanh(dropout(e) M + b), e the fixed
// embedding, the head tied.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/weights/safetensors_writer.h"
#include "conceptune/training/batches/passages.h"
#include "conceptune/training/models/trainable.h"
#include "conceptune/training/run/trainer.h"
#include "tests/support/matrices.h"

namespace conceptune::training::test {

class TinyModel : public Trainable {
 public:
  static constexpr std::int64_t kVocabulary = 23, kWidth = 5;

  std::vector<weights::NamedMatrix> parameters() const override {
    return {{"matrix", matrix_DD_}, {"bias", bias_D_}};
  }
  ObjectiveSums add_gradient(const model::PackedBatch& batch, const Targets& targets,
                             const Denominators& denominators, const ObjectiveOptions& options,
                             std::uint64_t dropout_seed, std::span<float> gradient) const override {
    const Pass pass = run(batch, drops ? std::optional(dropout_seed) : std::nullopt);
    const auto [sums, d_hidden_ND] =
        evaluate_objective(pass.hidden_ND, embedding_VD_, targets, denominators, options, true);
    float* const d_matrix = gradient.data();
    float* const d_bias = d_matrix + kWidth * kWidth;
    for (std::int64_t n = 0; n < d_hidden_ND.rows(); ++n)
      for (std::int64_t out = 0; out < kWidth; ++out) {
        const float bent = pass.bent_ND.row(n)[out];
        const float d_sum = d_hidden_ND.row(n)[out] * static_cast<float>(scale) * (1 - bent * bent);
        for (std::int64_t in = 0; in < kWidth; ++in)
          d_matrix[in * kWidth + out] += pass.input_ND.row(n)[in] * d_sum;
        d_bias[out] += d_sum;
      }
    return sums;
  }
  ObjectiveSums evaluate(const model::PackedBatch& batch, const Targets& targets,
                         const Denominators& denominators, const ObjectiveOptions& options) const override {
    return evaluate_objective(run(batch, std::nullopt).hidden_ND, embedding_VD_, targets, denominators,
                              options, false)
        .sums;
  }
  model::Matrix logits(const model::PackedBatch& batch, std::span<const std::int64_t> row_M) const override {
    return conceptune::test::product(model::rows_of(run(batch, std::nullopt).hidden_ND, row_M), embedding_VD_,
                                     true);
  }
  void save(const std::filesystem::path& folder, const std::string& description) const override {
    AtomicFolder target({folder, Existing::replace}, ProductKind::adapter);
    weights::write_safetensors(target.path() / "model.safetensors", parameters());
    write_file_atomically(target.path() / "README.md", description);
    target.commit();
  }

  /// 0 cuts the parameters off; not a number makes the loss none.
  double scale = 1;
  /// Whether training drops any of its input.
  bool drops = true;

 private:
  struct Pass {
    model::Matrix input_ND, bent_ND, hidden_ND;
  };

  Pass run(const model::PackedBatch& batch, std::optional<std::uint64_t> dropout_seed) const {
    const std::int64_t tokens = batch.size();
    Pass pass{{tokens, kWidth}, {tokens, kWidth}, {tokens, kWidth}};
    Random random(dropout_seed.value_or(0));
    for (std::int64_t n = 0; n < tokens; ++n) {
      const float* const embedded_D = embedding_VD_.row(batch.tokens[static_cast<std::size_t>(n)]);
      for (std::int64_t d = 0; d < kWidth; ++d) {
        const float mask = !dropout_seed ? 1 : random.uniform() < 0.1 ? 0 : 1 / 0.9F;
        pass.input_ND.row(n)[d] = embedded_D[d] * mask;
      }
      for (std::int64_t out = 0; out < kWidth; ++out) {
        float sum = bias_D_.values()[out];
        for (std::int64_t in = 0; in < kWidth; ++in)
          sum += pass.input_ND.row(n)[in] * matrix_DD_.row(in)[out];
        pass.bent_ND.row(n)[out] = std::tanh(sum);
        pass.hidden_ND.row(n)[out] = embedded_D[out] + pass.bent_ND.row(n)[out] * static_cast<float>(scale);
      }
    }
    return pass;
  }

  model::Matrix embedding_VD_ = conceptune::test::random_matrix(kVocabulary, kWidth, 7);
  model::Matrix matrix_DD_ = conceptune::test::random_matrix(kWidth, kWidth, 8, 0.1);
  model::Matrix bias_D_ = conceptune::test::filled(1, kWidth, 0);
};

/// Room for the gradient of all its parameters.
inline std::vector<float> no_gradient() {
  return std::vector<float>(TinyModel::kWidth * (TinyModel::kWidth + 1));
}

/// Passages of 3 to 8 tokens in which every third token is a content word with a synonym of one token and one
/// of two.
inline std::vector<TrainingPassage> tiny_passages(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<TrainingPassage> passages(count);
  for (auto& passage : passages) {
    const auto draw = [&] { return static_cast<std::int32_t>(random.below(TinyModel::kVocabulary)); };
    for (std::uint64_t length = 3 + random.below(6); length > 0; --length) passage.tokens.push_back(draw());
    for (std::int32_t p = 2; p < static_cast<std::int32_t>(passage.tokens.size()); p += 3) {
      const std::int32_t word = passage.tokens[static_cast<std::size_t>(p)];
      const auto after = [&](std::int32_t offset) {
        return (word + offset) % static_cast<std::int32_t>(TinyModel::kVocabulary);
      };
      passage.words.push_back({p, {{word}, {after(1)}}, {{{after(2), after(3)}}}});
    }
  }
  return passages;
}

inline TrainingData tiny_data() { return {tiny_passages(17, 1), tiny_passages(4, 2), {{"source", "tiny"}}}; }

}  // namespace conceptune::training::test
