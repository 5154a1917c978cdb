#include "conceptune/corpus/document_format.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "conceptune/base/byte_source.h"
#include "conceptune/base/foreign_format.h"
#include "conceptune/base/utf8.h"
#include "conceptune/corpus/document_readers.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCompressions[] = {".gz", ".zst", ".xz", ".bz2", ".lz"};
constexpr std::pair<std::string_view, DocumentFormat> kEndings[] = {
    {".json", DocumentFormat::jsonl},  {".jsonl", DocumentFormat::jsonl}, {".ndjson", DocumentFormat::jsonl},
    {".csv", DocumentFormat::csv},     {".tsv", DocumentFormat::tsv},     {".tar", DocumentFormat::archive},
    {".tgz", DocumentFormat::archive}, {".tbz", DocumentFormat::archive}, {".tbz2", DocumentFormat::archive},
    {".txz", DocumentFormat::archive}, {".tlz", DocumentFormat::archive}, {".tzst", DocumentFormat::archive}};

/// Whether a text begins with an object in which the key occurs. A line may be cut off where the look ends.
bool looks_like_json_lines(std::string_view text, std::string_view key) {
  text = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text.starts_with('{') &&
         text.substr(0, text.find('\n')).find('"' + std::string(key) + '"') != text.npos;
}

}  // namespace

std::optional<DocumentFormat> format_by_name(const fs::path& path) {
  fs::path name = path.filename();
  if (std::find(std::begin(kCompressions), std::end(kCompressions), name.extension().string()) !=
      std::end(kCompressions))
    name = name.stem();
  for (const auto& [ending, format] : kEndings)
    if (name.extension() == ending) return format;
  return std::nullopt;
}

FormatChoice choose_format(const fs::path& path, std::string_view text_key) {
  if (const auto format = format_by_name(path)) return {*format, false};
  constexpr std::size_t kLook = std::size_t{1} << 16;
  const PeekedSource source(open_byte_source(path, kReadingCorpus), kLook);
  if (is_tar(source.first())) return {DocumentFormat::archive, false};
  std::string_view text = source.first();
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return {looks_like_json_lines(text, text_key) ? DocumentFormat::jsonl : DocumentFormat::lines, true};
}

}  // namespace conceptune::corpus
