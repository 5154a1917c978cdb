// The readers behind open_documents(), one for each kind of format. `name` is the file or archive entry in
// messages.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "conceptune/base/byte_source.h"
#include "conceptune/corpus/documents.h"

namespace conceptune::corpus {

/// Begins every message about a corpus's files.
inline constexpr std::string_view kReadingCorpus = "reading corpus";

/// Reads `text`, which text_source() gives, as a format that is neither automatic nor archive.
std::unique_ptr<DocumentReader> read_documents(std::unique_ptr<ByteSource> text, const std::string& name,
                                               DocumentFormat format, std::string_view text_key);

/// lines, paragraphs and whole_files.
std::unique_ptr<DocumentReader> read_plain_text(std::unique_ptr<ByteSource> text, const std::string& name,
                                                DocumentFormat format);

/// jsonl: each object's string under `text_key`.
std::unique_ptr<DocumentReader> read_json_texts(std::unique_ptr<ByteSource> text, const std::string& name,
                                                std::string_view text_key);

/// csv, tsv and unquoted_tsv: each row's field in the column `text_key`.
std::unique_ptr<DocumentReader> read_table(std::unique_ptr<ByteSource> text, const std::string& name,
                                           DocumentFormat format, std::string_view text_key);

/// archive: `tar` is the archive's bytes, decompressed.
std::unique_ptr<DocumentReader> read_archive(std::unique_ptr<ByteSource> tar, const std::string& name,
                                             std::string_view text_key);

}  // namespace conceptune::corpus
