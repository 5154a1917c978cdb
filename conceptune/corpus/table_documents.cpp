// A column of a CSV or TSV table as documents.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conceptune/base/delimited_rows.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/corpus/document_readers.h"

namespace conceptune::corpus {
namespace {

class Table : public DocumentReader {
 public:
  Table(std::unique_ptr<ByteSource> text, const std::string& name, RowFormat format, std::string_view column)
      : lines_(std::move(text), name, kReadingCorpus), rows_(lines_, format, kReadingCorpus) {
    if (!rows_.next(fields_)) throw InputError(kReadingCorpus, name, "no row that names the columns");
    columns_ = fields_.size();
    const auto found = std::find(fields_.begin(), fields_.end(), column);
    if (found == fields_.end() || std::find(found + 1, fields_.end(), column) != fields_.end())
      throw InputError(kReadingCorpus, rows_.where(),
                       fmt::format("{} column \"{}\" (text_key) among {}",
                                   found == fields_.end() ? "no" : "more than one", column, shown(fields_)));
    text_ = static_cast<std::size_t>(found - fields_.begin());
  }

  bool next(std::string& text) override {
    if (!rows_.next(fields_)) return false;
    if (fields_.size() != columns_)
      throw InputError(kReadingCorpus, rows_.where(),
                       fmt::format("{} fields, expected the {} of the first row", fields_.size(), columns_));
    text = std::move(fields_[text_]);
    return true;
  }

 private:
  LineReader lines_;
  DelimitedRows rows_;
  std::vector<std::string> fields_;
  std::size_t columns_ = 0, text_ = 0;
};

}  // namespace

std::unique_ptr<DocumentReader> read_table(std::unique_ptr<ByteSource> text, const std::string& name,
                                           DocumentFormat format, std::string_view text_key) {
  const RowFormat rows = format == DocumentFormat::csv   ? RowFormat::csv
                         : format == DocumentFormat::tsv ? RowFormat::tsv
                                                         : RowFormat::unquoted_tsv;
  return std::make_unique<Table>(std::move(text), name, rows, text_key);
}

}  // namespace conceptune::corpus
