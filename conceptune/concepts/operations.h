// Datasets made from datasets: fewer synonyms or words, sets of two sources combined, random sets as a
// control, shards joined. Every result's card records the operation and the cards of what it was made from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "conceptune/concepts/dataset.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::concepts {

/// How random sets are drawn from the synonyms of the whole dataset. paper (section 5.3): every true set, the
/// word in it, is replaced by as many different draws; so a word without synonyms gets one. authors (their
/// released code): the same, with replacement. keep-word: only the synonyms are replaced, so that the word's
/// own probability still counts: a control of smoothing.
enum class RandomDraw { paper, authors, keep_word };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::RandomDraw>
    conceptune::enum_names<conceptune::concepts::RandomDraw>[] = {
        {"paper", conceptune::concepts::RandomDraw::paper},
        {"authors", conceptune::concepts::RandomDraw::authors},
        {"keep-word", conceptune::concepts::RandomDraw::keep_word}};

namespace conceptune::concepts {

/// Keeps the best `count` synonyms of every word. count ≥ 0.
DatasetStatistics limit_synonyms(const std::filesystem::path& input, std::int64_t count,
                                 const Destination& output);

/// Keeps a random share of each passage's words (section 5.4), rounded, at least one. 0 < fraction ≤ 1.
DatasetStatistics sample_words(const std::filesystem::path& input, double fraction, std::uint64_t seed,
                               const Destination& output);

/// Keeps only the last word of passages that end in a content word, and those passages alone (section 5.4).
DatasetStatistics keep_last_words(const std::filesystem::path& input, const Destination& output);

/// Replaces every concept set by a random one: the control that tells what meaning adds.
DatasetStatistics randomise_synonyms(const std::filesystem::path& input, RandomDraw draw, std::uint64_t seed,
                                     const Destination& output);

/// Keeps the synonyms that both datasets have for a word, in the order and with the scores of the first. Both
/// must hold the same passages in the same order; words that only one has are dropped.
DatasetStatistics intersect_datasets(const std::filesystem::path& first, const std::filesystem::path& second,
                                     const Destination& output);

/// Joins the synonyms of both datasets: the first's, then what the second adds. Words that only one has are
/// kept.
DatasetStatistics unite_datasets(const std::filesystem::path& first, const std::filesystem::path& second,
                                 const Destination& output);

/// Joins all shards of one annotation to the dataset that one machine alone would have written, byte for
/// byte. Throws InputError when a shard is missing, there twice or of another annotation.
DatasetStatistics merge_shards(const std::vector<std::filesystem::path>& shards, const Destination& output);

}  // namespace conceptune::concepts
