// What the network sees of a word (spacy.FeatureExtractor): six ids, each the key of an embedding table.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "conceptune/words/english/word_norms.h"

namespace conceptune::words {

inline constexpr std::size_t kWordFeatures = 6;

/// Ids of NORM, PREFIX, SUFFIX, SHAPE, then SPACY (1 when a space follows) and IS_SPACE, in this order.
using WordFeatures = std::array<std::uint64_t, kWordFeatures>;

/// Features of a word; `norm` replaces the norm of the table unless it is null.
WordFeatures word_features(std::string_view word, const std::string* norm, bool space_after,
                           const WordNorms& norms);

}  // namespace conceptune::words
