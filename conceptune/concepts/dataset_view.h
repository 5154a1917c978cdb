// Datasets for people to look at: passages with their concept sets in the terminal and as a web page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/base/destination.h"
#include "conceptune/base/marked_text.h"
#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {

/// A passage with its content words marked, pale where they have no synonyms, as one line whatever line
/// breaks it holds; then a line for each word that has synonyms.
std::vector<MarkedLine> marked_record(const ConceptRecord& record);

/// Writes one page that needs nothing beside it: the dataset's counts and its first `passages` passages, with
/// a search field, filters by part of speech and by words without synonyms, and the set of the word that is
/// chosen. Throws as check_file_destination().
void write_dataset_page(const std::filesystem::path& dataset, std::int64_t passages, const Destination& page);

}  // namespace conceptune::concepts
