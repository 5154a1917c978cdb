// Concept records made ready for training: cut, with the begin token, their concept sets as token ids.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/training/options.h"
#include "conceptune/training/targets.h"

namespace conceptune::training {

/// A content word that the token before it predicts, with its concept set.
struct PassageWord {
  std::int32_t position;  // index in TrainingPassage::tokens, at least 1
  std::vector<ConceptToken> tokens;
};

struct TrainingPassage {
  std::vector<std::int32_t> tokens;
  std::vector<PassageWord> words;  // ascending
};

/// How the records of one dataset are read.
struct PassageOptions {
  BatchOptions batch;
  /// Whether the word itself belongs to its concept set (DatasetCard::word_in_set).
  bool word_in_set = true;
  /// Prepended where the tokenizer itself adds one.
  std::optional<std::int32_t> begin_token;
};

/// One record, cut to max_length tokens with the begin token counted. The first `synonyms` synonyms that
/// count make up the set. A word at the very beginning, or with an empty set, is no content word here.
TrainingPassage prepare_passage(const concepts::ConceptRecord& record, const PassageOptions& options);

/// The record with each content word that has a single-token synonym swapped for one drawn at random: the
/// control that shows models the synonyms as data. Texts are not tokenized anew; `text` stays.
concepts::ConceptRecord swap_synonyms(concepts::ConceptRecord record, Random& random);

/// Indices of the passages to train on and of those to validate on, ascending: a seeded choice of
/// `validation_share` of them, rounded, at least one of each when there are two passages and the share is
/// above 0.
std::pair<std::vector<std::size_t>, std::vector<std::size_t>> split_passages(std::size_t passages,
                                                                             double validation_share,
                                                                             std::uint64_t seed);

/// What one forward pass takes, and what it is to predict.
struct TrainingBatch {
  model::PackedBatch packed;
  Targets targets;
};

/// Packs the passages with these indices in their order.
TrainingBatch make_batch(std::span<const TrainingPassage> passages, std::span<const std::size_t> indices);

}  // namespace conceptune::training
