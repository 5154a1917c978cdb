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

/// Writes one page that needs nothing beside it and sends nothing: the dataset's counts and the words of its
/// first `passages` passages, each with its concept set, which people judge there and save as a table
/// (ConceptTable). `sources`, at most 31, are datasets of the same passages; the page tells which of them has
/// a synonym. Throws as check_file_destination(), and InputError for a source with other passages.
void write_dataset_page(const std::filesystem::path& dataset, std::int64_t passages, const Destination& page,
                        const std::vector<std::filesystem::path>& sources = {});

}  // namespace conceptune::concepts
