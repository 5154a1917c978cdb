#include "conceptune/corpus/documents.h"

#include <fmt/format.h>
#include <glob.h>

#include "conceptune/base/error.h"
#include "conceptune/corpus/document_format.h"
#include "conceptune/corpus/document_readers.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;

void check_file(const fs::path& path) {
  const auto type = fs::status(path).type();
  if (type == fs::file_type::not_found) throw InputError(kReadingCorpus, path.string(), "no such file");
  if (type == fs::file_type::directory)
    throw InputError(kReadingCorpus, path.string(),
                     fmt::format("a folder, expected files such as {}", (path / "*").string()));
}

}  // namespace

std::unique_ptr<DocumentReader> read_documents(std::unique_ptr<ByteSource> text, const std::string& name,
                                               DocumentFormat format, std::string_view text_key) {
  switch (format) {
    case DocumentFormat::jsonl:
      return read_json_texts(std::move(text), name, text_key);
    case DocumentFormat::csv:
    case DocumentFormat::tsv:
    case DocumentFormat::unquoted_tsv:
      return read_table(std::move(text), name, format, text_key);
    default:
      return read_plain_text(std::move(text), name, format);
  }
}

std::unique_ptr<DocumentReader> open_documents(const fs::path& path, DocumentFormat format,
                                               std::string_view text_key) {
  if (format == DocumentFormat::automatic) format = choose_format(path, text_key).format;
  if (format == DocumentFormat::archive)
    return read_archive(open_byte_source(path, kReadingCorpus), path.string(), text_key);
  return read_documents(open_text_source(path, kReadingCorpus), path.string(), format, text_key);
}

std::vector<fs::path> expand_files(const std::vector<fs::path>& patterns) {
  std::vector<fs::path> files;
  for (const auto& pattern : patterns) {
    // A file whose own name holds such characters is meant literally.
    if (pattern.string().find_first_of("*?[") == std::string::npos || fs::exists(pattern)) {
      check_file(pattern);
      files.push_back(pattern);
      continue;
    }
    glob_t matches{};
    const int status = ::glob(pattern.c_str(), 0, nullptr, &matches);
    for (std::size_t i = 0; i < matches.gl_pathc; ++i) files.emplace_back(matches.gl_pathv[i]);
    ::globfree(&matches);
    if (status != 0) throw InputError(kReadingCorpus, pattern.string(), "no file matches");
  }
  return files;
}

}  // namespace conceptune::corpus
