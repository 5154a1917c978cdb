// The parser's network (spacy.TransitionBasedParser): scores of all transitions from eight tokens' vectors.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "conceptune/runtime/kernels/dense.h"
#include "conceptune/words/english/parser_state.h"
#include "conceptune/words/english/token_encoder.h"

namespace conceptune::words {

class ThincModel;

/// Immutable after loading and thread-safe.
class ParserNetwork {
 public:
  static constexpr std::size_t kHidden = 64;
  static constexpr std::size_t kPieces = 2;
  static constexpr std::size_t kSlots = ParserState::kContextTokens;

  /// Reads `parser/model`. Throws InputError for another architecture.
  static ParserNetwork load(const std::filesystem::path& file);

  std::size_t classes() const { return scores_.outputs(); }

  /// Scores states of one document, which must outlive it.
  class Scorer {
   public:
    Scorer(const ParserNetwork& network, const TokenEncoder::Document& document);

    /// Scores of all classes for a state with this context; valid until the next call.
    std::span<const float> score(const std::array<std::int32_t, kSlots>& context);

   private:
    const float* contribution(std::int32_t token, std::size_t slot);
    void compute_block(std::int32_t block);

    const ParserNetwork& network_;
    const TokenEncoder::Document& document_;
    std::vector<std::int32_t> block_in_place_;
    std::vector<float> contributions_;  // [place][token of the block][slot][piece][unit]
    std::vector<float> projected_;
    std::vector<float> scores_;
  };

 private:
  explicit ParserNetwork(const ThincModel& model);

  // The hidden layer's outputs are ordered [slot][piece][unit], so that units lie side by side.
  kernels::LinearLayer projection_;
  kernels::LinearLayer hidden_;
  kernels::LinearLayer scores_;
  std::vector<float> no_token_;  // [slot][piece][unit]: what stands for a missing token
  std::vector<float> hidden_bias_;
};

}  // namespace conceptune::words
