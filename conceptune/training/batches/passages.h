// Concept records made ready for training: cut, with the begin token, their concept sets as token ids.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/training/objective/targets.h"
#include "conceptune/training/options.h"

namespace conceptune::training {

/// The tokens that a synonym counts with, and its score in the dataset.
struct CountedSynonym {
  std::vector<std::int32_t> ids;
  double score = 1;
};

/// A content word that the token before it predicts, with its concept set.
struct PassageWord {
  std::int32_t position;  // index in TrainingPassage::tokens, at least 1
  /// The word itself, then synonyms that count with one token.
  std::vector<ConceptToken> tokens;
  /// Synonyms that count with the product of their tokens, two at least.
  std::vector<CountedSynonym> longer = {};
};

struct TrainingPassage {
  std::vector<std::int32_t> tokens;
  std::vector<PassageWord> words;  // ascending
  /// Longer synonyms that BatchOptions::synonym_tokens left no room for.
  std::int64_t dropped = 0;

  /// Tokens that longer synonyms add to a batch.
  std::int64_t synonym_tokens() const;
};

/// How the records of one dataset are read.
struct PassageOptions {
  BatchOptions batch;
  /// Whether the word itself belongs to its concept set (DatasetCard::word_in_set).
  bool word_in_set = true;
  /// Prepended where the tokenizer itself adds one.
  std::optional<std::int32_t> begin_token = {};
  /// Whether the loss takes scores as shares.
  bool takes_scores = false;
};

/// One record, cut to max_length tokens with the begin token counted. The first `synonyms` synonyms that
/// count make up the set; one that begins with another is within it and does not count again. Longer synonyms
/// are taken, each word's first before any word's second, until their tokens but the last fill
/// `synonym_tokens`. A word at the very beginning, or with an empty set, is no content word here. Throws
/// InputError for a score below 0 that the loss would take as a share.
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

/// Counts for people: passages, tokens, content words, synonyms, and what longer synonyms come to.
Json describe_passages(std::span<const TrainingPassage> passages);

/// What one forward pass takes, and what it is to predict. Longer synonyms are branches of their passage, in
/// which every token but the last predicts the next.
struct TrainingBatch {
  model::PackedBatch packed;
  Targets targets;

  /// Tokens of the passages alone.
  std::int64_t passage_tokens() const {
    return packed.sequences() + static_cast<std::int64_t>(targets.rows.size());
  }
};

/// Packs the passages with these indices in their order.
TrainingBatch make_batch(std::span<const TrainingPassage> passages, std::span<const std::size_t> indices);

/// Gives every content word of the batch with these indices its draw for one epoch. Seed, epoch and passage
/// alone decide it: neither the batches nor the ranks, nor a stop, change it.
void draw_for_epoch(std::span<const TrainingPassage> passages, std::span<const std::size_t> indices,
                    std::uint64_t seed, std::int64_t epoch, Targets& targets);

}  // namespace conceptune::training
