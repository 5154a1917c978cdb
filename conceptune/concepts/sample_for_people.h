// Passages drawn for people to judge.
#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include "conceptune/base/option_fields.h"
#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {

/// How a sample is shared out over the strata: as the dataset is, or as evenly as they allow, so that what is
/// rare is seen too.
enum class Allocation { proportional, equal };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::Allocation>
    conceptune::enum_names<conceptune::concepts::Allocation>[] = {
        {"proportional", conceptune::concepts::Allocation::proportional},
        {"equal", conceptune::concepts::Allocation::equal}};

namespace conceptune::concepts {

struct PeopleSample {
  std::int64_t passages = 100;  // at least 1
  std::int64_t words = 0;       // to keep of each passage, drawn; 0 for all
  Allocation allocation = Allocation::proportional;
  std::uint64_t seed = 42;
};

/// Draws passages of a dataset, in its order. Every passage draws one of its words, and belongs to the
/// stratum of that word: its part of speech, and how certain the source is of its set. Certainty is the score
/// of the best synonym by the thirds of the words of that part of speech (low, middle, high), or `none` for
/// an empty set. Where `words` is above 0, the drawn word is among those that are kept. The card tells the
/// strata's sizes. Throws InputError where fewer passages have words than are to be drawn.
DatasetStatistics sample_for_people(const std::filesystem::path& input, const PeopleSample& sample,
                                    const Destination& output);

}  // namespace conceptune::concepts
