#include "conceptune/corpus/documents.h"

#include <fmt/format.h>
#include <glob.h>
#include <simdjson.h>

#include "conceptune/base/error.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "conceptune/corpus/archive_documents.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading corpus";

class TextLines : public DocumentReader {
 public:
  explicit TextLines(const fs::path& path) : lines_(path, kDoing) {}

  bool next(std::string& text) override {
    if (!lines_.next(text)) return false;
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (const auto byte = first_invalid_utf8(text))
      throw InputError(kDoing, lines_.where(), fmt::format("invalid UTF-8 at byte {} of the line", *byte));
    return true;
  }

 private:
  LineReader lines_;
};

class JsonLines : public DocumentReader {
 public:
  JsonLines(const fs::path& path, std::string_view text_key) : lines_(path, kDoing), text_key_(text_key) {}

  bool next(std::string& text) override {
    do {
      if (!lines_.next(line_)) return false;
    } while (line_.find_first_not_of(" \t\r") == std::string::npos);
    line_.reserve(line_.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    std::string_view value;
    auto error = parser_.iterate(line_.data(), line_.size(), line_.capacity()).get(document);
    if (!error) error = document.find_field_unordered(text_key_).get_string().get(value);
    if (error) refuse(error);
    text.assign(value);
    return true;
  }

 private:
  [[noreturn]] void refuse(simdjson::error_code error) const {
    if (error == simdjson::UTF8_ERROR) throw InputError(kDoing, lines_.where(), "invalid UTF-8");
    if (error == simdjson::NO_SUCH_FIELD)
      throw InputError(kDoing, lines_.where(), fmt::format("no key \"{}\"", text_key_));
    throw InputError(kDoing, lines_.where(),
                     fmt::format("expected a JSON object with the string \"{}\" ({})", text_key_,
                                 simdjson::error_message(error)));
  }

  LineReader lines_;
  std::string text_key_;
  std::string line_;
  simdjson::ondemand::parser parser_;
};

DocumentFormat format_by_name(fs::path path) {
  if (path.extension() == ".gz" || path.extension() == ".zst") path = path.stem();
  const auto extension = path.extension();
  if (extension == ".json" || extension == ".jsonl" || extension == ".ndjson") return DocumentFormat::jsonl;
  if (extension == ".tar" || extension == ".tgz" || extension == ".xz") return DocumentFormat::archive;
  return DocumentFormat::lines;
}

void check_file(const fs::path& path) {
  const auto type = fs::status(path).type();
  if (type == fs::file_type::not_found) throw InputError(kDoing, path.string(), "no such file");
  if (type == fs::file_type::directory)
    throw InputError(kDoing, path.string(),
                     fmt::format("a folder, expected files such as {}", (path / "*").string()));
}

}  // namespace

std::unique_ptr<DocumentReader> open_documents(const fs::path& path, DocumentFormat format,
                                               std::string_view text_key) {
  if (format == DocumentFormat::automatic) format = format_by_name(path);
  switch (format) {
    case DocumentFormat::jsonl:
      return std::make_unique<JsonLines>(path, text_key);
    case DocumentFormat::archive:
      return open_archive_documents(path);
    default:
      return std::make_unique<TextLines>(path);
  }
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
    if (status != 0) throw InputError(kDoing, pattern.string(), "no file matches");
  }
  return files;
}

}  // namespace conceptune::corpus
