#include "conceptune/evaluation/benchmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "reading benchmark";
constexpr std::size_t kStsbColumns = 7;

const PairColumns kKnownHeaders[] = {{"word1", "word2", "SimLex999"},
                                     {"Word 1", "Word 2", "Human (mean)"},
                                     {"sentence1", "sentence2", "score"},
                                     {"sentence_A", "sentence_B", "relatedness_score"}};
constexpr std::string_view kSemEvalInput = "STS.input.";
constexpr std::string_view kSemEvalScores = "STS.gs.";

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

TextPair checked_pair(std::string first, std::string second, const std::string& score,
                      const LineReader& reader) {
  if (first.empty() || second.empty()) throw InputError(kDoing, reader.where(), "a text is empty");
  return {std::move(first), std::move(second), parse_score(score, reader.where()), reader.line_number()};
}

TextPair parse_pair(const std::string& line, const Layout& layout, const LineReader& reader) {
  Fields fields = split(line, layout.separator);
  const std::size_t needed = std::max({layout.first, layout.second, layout.score}) + 1;
  if (fields.size() < needed)
    throw InputError(kDoing, reader.where(),
                     fmt::format("{} columns, expected at least {}", fields.size(), needed));
  return checked_pair(std::move(fields[layout.first]), std::move(fields[layout.second]), fields[layout.score],
                      reader);
}

Json parse_object(const std::string& line, const LineReader& reader) {
  Json object = parse_json(line, kDoing, reader.where());
  if (!object.is_object()) throw InputError(kDoing, reader.where(), "expected a JSON object");
  return object;
}

/// The known names that an object has, when none are given.
PairColumns keys_of(const Json& object, const std::optional<PairColumns>& columns, const std::string& where) {
  if (columns) return *columns;
  for (const PairColumns& known : kKnownHeaders)
    if (object.contains(known.first) && object.contains(known.second) && object.contains(known.score))
      return known;
  throw InputError(kDoing, where, "no known keys; expected sentence1, sentence2, score, or the names given");
}

TextPair pair_of_object(const Json& object, const PairColumns& keys, const LineReader& reader) {
  const auto field = [&](const std::string& key) {
    const auto value = object.find(key);
    if (value == object.end()) throw InputError(kDoing, reader.where(), fmt::format("no '{}'", key));
    return value->is_string() ? value->get<std::string>() : value->dump();
  };
  return checked_pair(field(keys.first), field(keys.second), field(keys.score), reader);
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

/// SemEval's texts and, line by line in the file beside it, their scores; an empty one: nobody judged them.
std::vector<TextPair> read_semeval(const std::filesystem::path& path) {
  LineReader texts(path, kDoing);
  const std::string part = path.filename().string().substr(kSemEvalInput.size());
  LineReader scores(path.parent_path() / (std::string(kSemEvalScores) + part), kDoing);
  std::vector<TextPair> pairs;
  for (std::string line, score; texts.next(line);) {
    if (!scores.next(score)) throw InputError(kDoing, scores.where(), "fewer scores than pairs");
    if (score.ends_with('\r')) score.pop_back();
    if (score.empty()) continue;
    if (first_invalid_utf8(line)) throw InputError(kDoing, texts.where(), "not valid UTF-8");
    Fields fields = split_at(line, '\t');
    if (fields.size() < 2) throw InputError(kDoing, texts.where(), "expected two texts, a tab between them");
    if (fields[1].ends_with('\r')) fields[1].pop_back();
    pairs.push_back(checked_pair(std::move(fields[0]), std::move(fields[1]), score, texts));
  }
  return pairs;
}

std::vector<TextPair> read_rows(const std::filesystem::path& path,
                                const std::optional<PairColumns>& columns) {
  LineReader reader(path, kDoing);
  std::string line;
  if (!next_row(reader, line))
    throw InputError(kDoing, path.string(), "no rows, expected text pairs with scores");
  std::vector<TextPair> pairs;
  if (line.front() == '{') {
    const PairColumns keys = keys_of(parse_object(line, reader), columns, reader.where());
    do pairs.push_back(pair_of_object(parse_object(line, reader), keys, reader));
    while (next_row(reader, line));
    return pairs;
  }
  const Layout layout = layout_of(line, columns, reader.where());
  if (!layout.has_header) pairs.push_back(parse_pair(line, layout, reader));
  while (next_row(reader, line)) pairs.push_back(parse_pair(line, layout, reader));
  return pairs;
}

/// The file's name without what tells its format; "test" and the like are parts of the set that the folder
/// names.
std::string name_of_set(const std::filesystem::path& path) {
  std::string name = path.filename().string();
  for (const std::string_view ending : {".gz", ".zst", ".jsonl", ".txt", ".tsv", ".csv", ".cor"})
    if (name.size() > ending.size() && name.ends_with(ending)) name.resize(name.size() - ending.size());
  constexpr std::string_view kParts[] = {"train", "dev", "validation", "test"};
  const std::string folder = path.parent_path().filename().string();
  if (!folder.empty() && std::find(std::begin(kParts), std::end(kParts), name) != std::end(kParts))
    name = folder + "-" + name;
  return name;
}

}  // namespace

PairBenchmark read_pair_benchmark(const std::filesystem::path& path,
                                  const std::optional<PairColumns>& columns) {
  PairBenchmark benchmark{.name = name_of_set(path), .path = path, .hash = {}, .pairs = {}};
  const bool is_semeval = path.filename().string().starts_with(kSemEvalInput);
  benchmark.pairs = is_semeval ? read_semeval(path) : read_rows(path, columns);
  benchmark.hash = sha256_of_file(path);
  if (benchmark.pairs.size() < 2)
    throw InputError(kDoing, path.string(),
                     fmt::format("{} pairs, expected at least 2", benchmark.pairs.size()));
  remove_lemma_suffixes(benchmark.pairs);
  return benchmark;
}

}  // namespace conceptune::evaluation
