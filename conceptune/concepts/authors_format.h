// The dataset format of the authors' released code, in and out: JSON lines
// {"input_sequence", "content_word_responses": [{"word", "position", "synonyms", "scores"}]}.
#pragma once

#include <filesystem>

#include "conceptune/concepts/dataset.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::concepts {

/// Writes a dataset in the authors' format, with `input_ids`, `content_words` and `content_words_indices` of
/// their merged form; the file appears whole or not at all. Parts of speech and further tokens of synonyms
/// have no place in it. Throws as check_file_destination().
void export_authors_format(const std::filesystem::path& dataset, const Destination& file);

/// Makes a dataset of a file in the authors' format (plain, .gz or .zst). Texts are tokenized anew; a word
/// whose token is not at its position is dropped and counted as invalid, as their training skips it. The part
/// of speech, which the file does not have, is X. Throws InputError with the line for anything malformed.
DatasetStatistics import_authors_format(const std::filesystem::path& file,
                                        const tokenizer::Tokenizer& tokenizer, const Destination& output);

}  // namespace conceptune::concepts
