// What operations on datasets share: the card of a result, and a dataset written anew record by record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {

/// What a result's card says of an operation on datasets.
Json made_by(std::string_view operation, Json options, const std::vector<const DatasetReader*>& inputs);

/// A record's words in an order drawn for its passage, so that it does not depend on the passages before.
std::vector<ConceptWord> drawn_words(const ConceptRecord& record, std::uint64_t seed);

/// Leaves the first `count` of drawn_words(), of at most all, in the order of the passage.
void keep_drawn_words(ConceptRecord& record, std::uint64_t seed, std::size_t count);

/// Writes every record that `change` keeps (it returns true).
DatasetStatistics rewrite_dataset(const std::filesystem::path& input, const Destination& output,
                                  std::string_view operation, Json options,
                                  const std::function<bool(ConceptRecord&)>& change, bool word_in_set = true);

}  // namespace conceptune::concepts
