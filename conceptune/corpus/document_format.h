// Which format a corpus's file has, by its name, else by what it begins with.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "conceptune/corpus/documents.h"

namespace conceptune::corpus {

struct FormatChoice {
  DocumentFormat format;  // never automatic
  /// Nothing but the look of the first lines told it: lines, or jsonl where the name says neither.
  bool is_guess;
};

/// What `automatic` means for a file: by its name without the endings of compressions .jsonl, .ndjson, .json,
/// .csv, .tsv, .tar (and .tgz, .tbz2, .txz, .tzst, …); a tar by its content, whatever its name; else, as a
/// guess, jsonl where the first line is an object that has `text_key`, and otherwise lines. Throws InputError
/// where the file cannot be read.
FormatChoice choose_format(const std::filesystem::path& path, std::string_view text_key);

/// The part of it that the name alone tells.
std::optional<DocumentFormat> format_by_name(const std::filesystem::path& path);

}  // namespace conceptune::corpus
