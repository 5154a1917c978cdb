// Plain text as documents: lines, paragraphs, whole files.
#include <fmt/format.h>

#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "conceptune/corpus/document_readers.h"

namespace conceptune::corpus {
namespace {

/// A line each, without its line end.
class Lines : public DocumentReader {
 public:
  Lines(std::unique_ptr<ByteSource> text, const std::string& name)
      : lines_(std::move(text), name, kReadingCorpus) {}

  bool next(std::string& text) override {
    if (!lines_.next(text)) return false;
    if (text.ends_with('\r')) text.pop_back();
    if (const auto byte = first_invalid_utf8(text))
      throw InputError(kReadingCorpus, lines_.where(),
                       fmt::format("invalid UTF-8 at byte {} of the line", *byte));
    return true;
  }
  const LineReader& reader() const { return lines_; }

 private:
  LineReader lines_;
};

class Paragraphs : public DocumentReader {
 public:
  Paragraphs(std::unique_ptr<ByteSource> text, const std::string& name) : lines_(std::move(text), name) {}

  bool next(std::string& text) override {
    do
      if (!lines_.next(text)) return false;
    while (is_blank(text));
    while (lines_.next(line_) && !is_blank(line_)) {
      text += '\n';
      text += line_;
      if (const std::size_t limit = lines_.reader().max_line_bytes(); text.size() > limit)
        throw InputError(kReadingCorpus, lines_.reader().where(),
                         fmt::format("a paragraph above {} bytes, the most for a document", limit));
    }
    return true;
  }

 private:
  static bool is_blank(const std::string& line) { return python_strip(line).empty(); }

  Lines lines_;
  std::string line_;
};

class WholeFile : public DocumentReader {
 public:
  WholeFile(std::unique_ptr<ByteSource> text, std::string name)
      : text_(std::move(text)), name_(std::move(name)) {}

  bool next(std::string& text) override {
    if (!text_) return false;
    text = read_all(*text_, LineReader::kMaxLineBytes, name_, kReadingCorpus);
    text_.reset();
    if (const auto byte = first_invalid_utf8(text))
      throw InputError(kReadingCorpus, name_, fmt::format("invalid UTF-8 at byte {}", *byte));
    return true;
  }

 private:
  std::unique_ptr<ByteSource> text_;
  std::string name_;
};

}  // namespace

std::unique_ptr<DocumentReader> read_plain_text(std::unique_ptr<ByteSource> text, const std::string& name,
                                                DocumentFormat format) {
  switch (format) {
    case DocumentFormat::paragraphs:
      return std::make_unique<Paragraphs>(std::move(text), name);
    case DocumentFormat::whole_files:
      return std::make_unique<WholeFile>(std::move(text), name);
    default:
      return std::make_unique<Lines>(std::move(text), name);
  }
}

}  // namespace conceptune::corpus
