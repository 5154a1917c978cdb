// Documents of a corpus, one after the other, from the formats that corpora come in. Constant memory: one
// document at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conceptune/base/option_fields.h"

namespace conceptune::corpus {

/// lines: plain text, a document a line. jsonl: a JSON object a line with the text under a key (C4). archive:
/// a tar whose files are documents, or archives of documents themselves (OpenWebText's tar of xz archives).
/// automatic: by the file's name (.json, .jsonl, .ndjson; .tar, .tgz, .xz; anything else is lines). All but
/// archives may be compressed with gzip or zstd on top.
enum class DocumentFormat { automatic, lines, jsonl, archive };

}  // namespace conceptune::corpus

template <>
inline constexpr std::pair<const char*, conceptune::corpus::DocumentFormat>
    conceptune::enum_names<conceptune::corpus::DocumentFormat>[] = {
        {"auto", conceptune::corpus::DocumentFormat::automatic},
        {"lines", conceptune::corpus::DocumentFormat::lines},
        {"jsonl", conceptune::corpus::DocumentFormat::jsonl},
        {"archive", conceptune::corpus::DocumentFormat::archive}};

namespace conceptune::corpus {

class DocumentReader {
 public:
  virtual ~DocumentReader() = default;
  /// The next document, valid UTF-8; false at the end. Throws InputError for invalid UTF-8, malformed JSON, a
  /// missing key and corrupt compression, naming the file and the line or archive entry.
  virtual bool next(std::string& text) = 0;
};

/// Opens one file. `text_key` is the key of jsonl.
std::unique_ptr<DocumentReader> open_documents(const std::filesystem::path& path, DocumentFormat format,
                                               std::string_view text_key);

/// Paths with `*`, `?` or `[…]` in them replaced by the files they match, in order of name. Throws InputError
/// for a pattern without a match, a missing file and a folder.
std::vector<std::filesystem::path> expand_files(const std::vector<std::filesystem::path>& patterns);

}  // namespace conceptune::corpus
