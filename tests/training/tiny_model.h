// A model small enough to train in milliseconds: hidden = e + tanh(dropout(e) M), e the fixed embedding, the
// head tied.
#pragma once

#include <ATen/ATen.h>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/weights/safetensors_writer.h"
#include "conceptune/training/batches/passages.h"
#include "conceptune/training/models/trainable.h"
#include "conceptune/training/run/trainer.h"

namespace conceptune::training::test {

class TinyModel : public Trainable {
 public:
  static constexpr std::int64_t kVocabulary = 23, kWidth = 5;

  TinyModel() {
    const at::Generator generator = at::detail::createCPUGenerator(7);
    embedding_VD_ = at::randn({kVocabulary, kWidth}, generator);
    matrix_DD_ = at::randn({kWidth, kWidth}, generator).mul_(0.1).set_requires_grad(true);
    bias_D_ = at::zeros({kWidth}).set_requires_grad(true);
  }

  std::vector<weights::NamedTensor> parameters() const override {
    return {{"matrix", matrix_DD_}, {"bias", bias_D_}};
  }
  at::Tensor forward(const model::PackedBatch& batch,
                     std::optional<std::uint64_t> dropout_seed) const override {
    const at::Tensor embedded_ND = embedding_VD_.index_select(0, at::tensor(batch.tokens, at::kInt));
    at::Tensor input_ND = embedded_ND;
    if (dropout_seed) {
      Random random(*dropout_seed);
      at::Tensor mask_ND = at::ones_like(embedded_ND);
      for (std::int64_t i = 0; i < mask_ND.numel(); ++i)
        mask_ND.data_ptr<float>()[i] = random.uniform() < 0.1 ? 0 : 1 / 0.9f;
      input_ND = embedded_ND * mask_ND;
    }
    return embedded_ND + at::tanh(at::mm(input_ND, matrix_DD_) + bias_D_) * scale;
  }
  model::FrozenMatrix head() const override { return embedding_VD_; }
  void save(const std::filesystem::path& folder, const std::string& description) const override {
    AtomicFolder target({folder, Existing::replace}, ProductKind::adapter);
    weights::write_safetensors(target.path() / "model.safetensors", parameters());
    write_file_atomically(target.path() / "README.md", description);
    target.commit();
  }

  /// 0 cuts the parameters off; infinity makes the loss infinite.
  double scale = 1;

 private:
  at::Tensor embedding_VD_, matrix_DD_, bias_D_;
};

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
