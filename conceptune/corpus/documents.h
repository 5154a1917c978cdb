// Documents of a corpus, one after the other, from the formats that corpora come in. Memory is that of one
// document at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conceptune/options/option_fields.h"

namespace conceptune::corpus {

/// How documents lie in a file. All may be compressed on top (gzip, zstd, xz, bzip2, lzip).
///   - automatic: see choose_format();
///   - lines: plain text, a document a line;
///   - paragraphs: plain text, documents between blank lines, their lines joined by line feeds;
///   - whole_files: plain text, each file one document as it stands;
///   - jsonl: a JSON object a line with the text under a key (C4), or one array of such objects;
///   - csv, tsv, unquoted_tsv: a table whose first row names the columns, the text in one of them; how fields
///     stand is RowFormat's;
///   - archive: a tar. Its files are documents, but those that are named as JSON or tables, and those that
///   are
///     archives themselves, one level deep (OpenWebText's tar of xz archives), which are read as such.
enum class DocumentFormat {
  automatic,
  lines,
  paragraphs,
  whole_files,
  jsonl,
  csv,
  tsv,
  unquoted_tsv,
  archive
};

}  // namespace conceptune::corpus

template <>
inline constexpr std::pair<const char*, conceptune::corpus::DocumentFormat>
    conceptune::enum_names<conceptune::corpus::DocumentFormat>[] = {
        {"auto", conceptune::corpus::DocumentFormat::automatic},
        {"lines", conceptune::corpus::DocumentFormat::lines},
        {"paragraphs", conceptune::corpus::DocumentFormat::paragraphs},
        {"whole_files", conceptune::corpus::DocumentFormat::whole_files},
        {"jsonl", conceptune::corpus::DocumentFormat::jsonl},
        {"csv", conceptune::corpus::DocumentFormat::csv},
        {"tsv", conceptune::corpus::DocumentFormat::tsv},
        {"unquoted_tsv", conceptune::corpus::DocumentFormat::unquoted_tsv},
        {"archive", conceptune::corpus::DocumentFormat::archive}};

namespace conceptune::corpus {

class DocumentReader {
 public:
  virtual ~DocumentReader() = default;
  /// The next document, valid UTF-8; false at the end. Throws InputError for invalid UTF-8, malformed JSON
  /// anywhere in a record, a missing key or column, a document above 64 MiB and corrupt compression, naming
  /// the file and the line, array element or archive entry.
  virtual bool next(std::string& text) = 0;
};

/// Opens one file. `text_key` is the key of jsonl and the column of tables. Throws InputError for a file that
/// cannot be read and for contents that are no text, with what to do about them.
std::unique_ptr<DocumentReader> open_documents(const std::filesystem::path& path, DocumentFormat format,
                                               std::string_view text_key);

/// Paths with `*`, `?` or `[…]` in them replaced by the files they match, in order of name. Throws InputError
/// for a pattern without a match, a missing file and a folder.
std::vector<std::filesystem::path> expand_files(const std::vector<std::filesystem::path>& patterns);

}  // namespace conceptune::corpus
