#include "conceptune/evaluation/benchmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "reading benchmark";
constexpr std::size_t kStsbColumns = 7;

const PairColumns kKnownHeaders[] = {{"word1", "word2", "SimLex999"},
                                     {"Word 1", "Word 2", "Human (mean)"},
                                     {"sentence1", "sentence2", "score"}};

/// Where a layout has its fields.
struct Layout {
  char separator;
  std::size_t first, second, score;
  bool has_header;
};

using Fields = std::vector<std::string>;

/// Fields separated by a comma; a field in double quotes may hold commas, and "" for a quote.
Fields split_commas(std::string_view line) {
  Fields fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"' && (quoted || fields.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

Fields split_at(std::string_view line, char separator) {
  Fields fields;
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(separator, begin);
    const std::string_view field = line.substr(begin, end == line.npos ? line.npos : end - begin);
    // Runs of blanks separate once; between two tabs there is an empty field.
    if (separator != ' ' || !field.empty()) fields.emplace_back(field);
    if (end == line.npos) return fields;
    begin = end + 1;
  }
}

Fields split(std::string_view line, char separator) {
  return separator == ',' ? split_commas(line) : split_at(line, separator);
}

char separator_of(std::string_view line) {
  for (const char separator : {'\t', ','})
    if (line.find(separator) != line.npos) return separator;
  return ' ';
}

std::optional<Layout> layout_with(const PairColumns& columns, const Fields& header, char separator) {
  const auto index_of = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const Layout layout{separator, index_of(columns.first), index_of(columns.second), index_of(columns.score),
                      true};
  if (std::max({layout.first, layout.second, layout.score}) == header.size()) return std::nullopt;
  return layout;
}

Layout layout_of(std::string_view first_line, const std::optional<PairColumns>& columns,
                 const std::string& where) {
  const char separator = separator_of(first_line);
  const Fields row = split(first_line, separator);
  if (columns) {
    if (const auto layout = layout_with(*columns, row, separator)) return *layout;
    throw InputError(kDoing, where,
                     fmt::format("the header lacks one of the columns '{}', '{}', '{}'", columns->first,
                                 columns->second, columns->score));
  }
  for (const PairColumns& known : kKnownHeaders)
    if (const auto layout = layout_with(known, row, separator)) return *layout;
  if (row.size() == 3) return {separator, 0, 1, 2, false};
  if (row.size() >= kStsbColumns && separator == '\t') return {separator, 5, 6, 4, false};
  throw InputError(kDoing, where,
                   fmt::format("{} columns and no known header; expected text, text, score, or the names of "
                               "the columns",
                               row.size()));
}

double parse_score(const std::string& text, const std::string& where) {
  double score = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), score);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(score))
    throw InputError(kDoing, where, fmt::format("the score is '{}', expected a number", text));
  return score;
}

TextPair parse_pair(const std::string& line, const Layout& layout, const LineReader& reader) {
  Fields fields = split(line, layout.separator);
  const std::size_t needed = std::max({layout.first, layout.second, layout.score}) + 1;
  if (fields.size() < needed)
    throw InputError(kDoing, reader.where(),
                     fmt::format("{} columns, expected at least {}", fields.size(), needed));
  if (fields[layout.first].empty() || fields[layout.second].empty())
    throw InputError(kDoing, reader.where(), "a text is empty");
  return {std::move(fields[layout.first]), std::move(fields[layout.second]),
          parse_score(fields[layout.score], reader.where()), reader.line_number()};
}

bool has_lemma_suffix(const std::string& word) {
  return word.size() > 2 && (word.ends_with("-n") || word.ends_with("-v") || word.ends_with("-j"));
}

/// MEN's lemma form marks the part of speech of every word.
void remove_lemma_suffixes(std::vector<TextPair>& pairs) {
  const auto is_marked = [](const TextPair& p) {
    return has_lemma_suffix(p.first) && has_lemma_suffix(p.second);
  };
  if (!std::all_of(pairs.begin(), pairs.end(), is_marked)) return;
  for (TextPair& pair : pairs) {
    pair.first.resize(pair.first.size() - 2);
    pair.second.resize(pair.second.size() - 2);
  }
}

/// The next line with data, without a carriage return at its end.
bool next_row(LineReader& reader, std::string& line) {
  while (reader.next(line)) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    if (first_invalid_utf8(line)) throw InputError(kDoing, reader.where(), "not valid UTF-8");
    return true;
  }
  return false;
}

}  // namespace

PairBenchmark read_pair_benchmark(const std::filesystem::path& path,
                                  const std::optional<PairColumns>& columns) {
  LineReader reader(path, kDoing);
  PairBenchmark benchmark{
      .name = path.stem().string(), .path = path, .hash = sha256_of_file(path), .pairs = {}};
  std::string line;
  if (!next_row(reader, line))
    throw InputError(kDoing, path.string(), "no rows, expected text pairs with scores");
  const Layout layout = layout_of(line, columns, reader.where());
  if (!layout.has_header) benchmark.pairs.push_back(parse_pair(line, layout, reader));
  while (next_row(reader, line)) benchmark.pairs.push_back(parse_pair(line, layout, reader));
  if (benchmark.pairs.size() < 2)
    throw InputError(kDoing, path.string(),
                     fmt::format("{} pairs, expected at least 2", benchmark.pairs.size()));
  remove_lemma_suffixes(benchmark.pairs);
  return benchmark;
}

}  // namespace conceptune::evaluation
