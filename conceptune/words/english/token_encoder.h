// The network that turns tokens into vectors (spaCy's HashEmbedCNN): hashed embeddings of six features, a
// mixing layer, and convolutions over three neighbours with residuals.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "conceptune/runtime/kernels/dense.h"
#include "conceptune/words/english/word_features.h"

namespace conceptune::words {

class ThincModel;

// Shapes: N tokens, D = kWidth.
class TokenEncoder {
 public:
  static constexpr std::size_t kWidth = 96;

  /// Reads `tok2vec/model`. Throws InputError for another architecture.
  static TokenEncoder load(const std::filesystem::path& file);

  /// Vectors of words without their context, one row of kWidth each; they depend on nothing but the features.
  void embed(std::span<const WordFeatures> words, float* embedding_ND) const;

  /// A document between the zero rows that the convolutions need around it.
  class Document {
   public:
    Document(const TokenEncoder& encoder, std::size_t tokens);
    std::size_t tokens() const { return tokens_; }
    float* row(std::size_t token) { return rows_.data() + (padding_ + token) * kWidth; }
    const float* row(std::size_t token) const { return rows_.data() + (padding_ + token) * kWidth; }

   private:
    friend class TokenEncoder;
    std::size_t padding_, tokens_;
    std::vector<float> rows_;
  };

  /// Replaces the embeddings of a document's tokens by their vectors in context.
  void encode(Document& document) const;

 private:
  struct Table {
    std::uint32_t seed;
    std::uint32_t rows;
    std::vector<float> values_RD;
  };

  TokenEncoder(std::vector<Table> tables, kernels::MaxoutNormLayer mixing);

  static std::vector<Table> read_tables(const ThincModel& model);
  void gather(const WordFeatures& word, float* features) const;
  std::size_t padding() const { return layers_.size(); }

  std::vector<Table> tables_;
  kernels::MaxoutNormLayer mixing_;
  std::vector<kernels::MaxoutNormLayer> layers_;
};

}  // namespace conceptune::words
