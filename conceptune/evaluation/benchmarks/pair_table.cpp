#include "conceptune/evaluation/benchmarks/pair_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "conceptune/base/delimited_rows.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = kReadingBenchmark;

struct Row {
  std::vector<std::string> fields;
  PairPlace place;
};

/// Where a table has its fields.
struct Layout {
  std::size_t first, second, score;
  std::vector<std::string> header;  // empty without one
  std::size_t fewest, most;         // fields of a row
};

std::optional<double> number_of(std::string_view text) {
  text = python_strip(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

bool is_number(const std::string& text) { return number_of(text).has_value(); }

/// A column as messages call it.
std::string name_of(std::size_t column, const Layout& layout) {
  if (layout.header.empty()) return fmt::format("column {}", column + 1);
  return fmt::format("column {}", shown(layout.header[column]));
}

/// Tabs, else commas, else blanks: what a line has.
RowFormat format_of_line(std::string_view line) {
  if (line.find('\t') != line.npos) return RowFormat::unquoted_tsv;
  return line.find(',') != line.npos ? RowFormat::csv : RowFormat::blanks;
}

/// The rows' format, told by the first line that is no comment, or by the first where all look like one.
RowFormat format_of_file(const std::filesystem::path& path) {
  LineReader lines(path, kDoing, LineReader::kMaxRecordBytes);
  std::optional<RowFormat> of_comment;
  for (std::string line; lines.next(line);) {
    if (line.empty() || line == "\r") continue;
    if (line.front() != '#') return format_of_line(line);
    if (!of_comment) of_comment = format_of_line(line);
  }
  return of_comment.value_or(RowFormat::blanks);
}

std::optional<Layout> layout_by_header(const PairColumns& columns, const std::vector<std::string>& header) {
  const auto index_of = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  Layout layout{
      index_of(columns.first), index_of(columns.second), index_of(columns.score), header, 0, header.size()};
  layout.fewest = std::max({layout.first, layout.second, layout.score}) + 1;
  if (layout.fewest > header.size()) return std::nullopt;
  return layout;
}

/// Columns that are all given as numbers, from 1.
std::optional<Layout> layout_by_numbers(const PairColumns& columns, std::size_t fields) {
  const auto index_of = [&](const std::string& name) -> std::size_t {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && end == name.data() + name.size() && number <= fields ? number : 0;
  };
  const std::size_t first = index_of(columns.first), second = index_of(columns.second),
                    score = index_of(columns.score);
  if (first == 0 || second == 0 || score == 0) return std::nullopt;
  return Layout{first - 1, second - 1, score - 1, {}, fields, fields};
}

/// The layouts without a header, told by what a row has in it.
std::optional<Layout> layout_by_content(const std::vector<std::string>& row) {
  const std::size_t n = row.size();
  const auto numbers_from = [&](std::size_t i) {
    return std::all_of(row.begin() + static_cast<std::ptrdiff_t>(i), row.end(), is_number);
  };
  if (n == 3 && is_number(row[2])) return Layout{0, 1, 2, {}, 3, 3};
  if (n > 3 && !is_number(row[0]) && !is_number(row[1]) && numbers_from(2)) return Layout{0, 1, 2, {}, n, n};
  constexpr std::size_t kStsbColumns = 7;
  constexpr double kStsbHighest = 5;
  if (n < kStsbColumns || is_number(row[5]) || is_number(row[6])) return std::nullopt;
  const auto score = number_of(row[4]);
  if (!score || *score < 0 || *score > kStsbHighest) return std::nullopt;
  return Layout{5, 6, 4, {}, kStsbColumns, std::string::npos};  // a licence may follow
}

[[noreturn]] void refuse_layout(const Row& row, const std::optional<PairColumns>& columns) {
  const std::string found = shown(row.fields);
  if (columns)
    throw InputError(kDoing, row.place.where,
                     fmt::format("no columns {} among {}",
                                 shown({columns->first, columns->second, columns->score}), found));
  throw InputError(
      kDoing, row.place.where,
      fmt::format("no known layout; the columns are {}; those that are meant {}", found, kNameThem));
}

std::optional<Layout> layout_of(const std::vector<std::string>& row,
                                const std::optional<PairColumns>& columns) {
  if (columns) {
    auto layout = layout_by_header(*columns, row);
    return layout ? layout : layout_by_numbers(*columns, row.size());
  }
  for (const PairColumns& known : kKnownColumns)
    if (auto layout = layout_by_header(known, row)) return layout;
  return layout_by_content(row);
}

TextPair pair_of(Row row, const Layout& layout) {
  auto& fields = row.fields;
  // What a spreadsheet leaves at a row's end.
  while (fields.size() > layout.most && fields.back().empty()) fields.pop_back();
  if (fields.size() > layout.most)
    throw InputError(kDoing, row.place.where,
                     fmt::format("{} columns, expected {}", fields.size(), layout.most));
  if (fields.size() < layout.fewest)
    throw InputError(kDoing, row.place.where,
                     fmt::format("{} columns, no {}", fields.size(), name_of(fields.size(), layout)));
  return checked_pair(std::move(fields[layout.first]), std::move(fields[layout.second]), fields[layout.score],
                      fmt::format("the score, {},", name_of(layout.score, layout)), row.place);
}

/// Whether a row that begins with '#' is a pair and no comment.
bool is_pair(const std::vector<std::string>& row, const Layout& layout) {
  return row.size() >= layout.fewest && row.size() <= layout.most && row[layout.first] != "#" &&
         is_number(row[layout.score]);
}

}  // namespace

const std::vector<PairColumns> kKnownColumns = {{"word1", "word2", "SimLex999"},
                                                {"Word 1", "Word 2", "Human (mean)"},
                                                {"sentence1", "sentence2", "score"},
                                                {"sentence_A", "sentence_B", "relatedness_score"}};

TextPair checked_pair(std::string first, std::string second, std::string_view score,
                      std::string_view score_name, const PairPlace& place) {
  if (python_strip(first).empty() || python_strip(second).empty())
    throw InputError(kDoing, place.where, "a text is empty");
  const auto number = number_of(score);
  if (!number)
    throw InputError(kDoing, place.where,
                     fmt::format("{} is {}, expected a finite number", score_name, shown(score)));
  return {std::move(first), std::move(second), *number, place.line};
}

std::vector<TextPair> read_pair_table(const std::filesystem::path& path,
                                      const std::optional<PairColumns>& columns) {
  LineReader lines(path, kDoing, LineReader::kMaxRecordBytes);
  DelimitedRows rows(lines, format_of_file(path), kDoing);
  Row row;
  const auto next = [&] {
    if (!rows.next(row.fields)) return false;
    row.place = {rows.where(), rows.line_number()};
    return true;
  };
  // Rows that begin with '#' before all others are comments, unless they are pairs of the layout that the
  // first other row tells.
  std::vector<Row> leading;
  std::optional<Layout> layout;
  while (!layout && next()) {
    layout = layout_of(row.fields, columns);
    const bool may_be_comment = row.fields.front().starts_with('#');
    if (may_be_comment && layout && layout->header.empty()) layout.reset();
    if (!layout && !may_be_comment) refuse_layout(row, columns);
    leading.push_back(row);
  }
  if (leading.empty()) throw InputError(kDoing, path.string(), "no rows, expected text pairs with scores");
  if (!layout) layout = layout_of(leading.back().fields, columns);
  if (!layout)
    throw InputError(kDoing, path.string(), "no rows but comments, expected text pairs with scores");
  std::vector<TextPair> pairs;
  if (layout->header.empty())
    for (auto& first : leading)
      if (!first.fields.front().starts_with('#') || is_pair(first.fields, *layout))
        pairs.push_back(pair_of(std::move(first), *layout));
  while (next()) pairs.push_back(pair_of(row, *layout));
  return pairs;
}

}  // namespace conceptune::evaluation
