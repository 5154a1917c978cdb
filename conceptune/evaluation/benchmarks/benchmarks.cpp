#include "conceptune/evaluation/benchmarks/benchmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/base/json_records.h"
#include "conceptune/base/utf8.h"
#include "conceptune/evaluation/benchmarks/pair_table.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = kReadingBenchmark;
constexpr std::string_view kSemEvalInput = "STS.input.";
constexpr std::string_view kSemEvalScores = "STS.gs.";

/// The known names that an object has, when none are given.
PairColumns keys_of(const Json& object, const std::optional<PairColumns>& columns, const std::string& where) {
  if (columns) return *columns;
  for (const PairColumns& known : kKnownColumns)
    if (object.contains(known.first) && object.contains(known.second) && object.contains(known.score))
      return known;
  throw InputError(
      kDoing, where,
      fmt::format("no known keys; expected sentence1, sentence2 and score, or others that {}", kNameThem));
}

TextPair pair_of_object(const Json& object, const PairColumns& keys, const JsonRecords& records) {
  const std::string where = records.where();
  const auto field = [&](const std::string& key) -> const Json& {
    const auto value = object.find(key);
    if (value == object.end()) throw InputError(kDoing, where, fmt::format("no {}", shown(key)));
    return *value;
  };
  const auto text = [&](const std::string& key) {
    const Json& value = field(key);
    if (!value.is_string()) throw InputError(kDoing, where, fmt::format("{} is no string", shown(key)));
    return value.get<std::string>();
  };
  const Json& score = field(keys.score);
  return checked_pair(text(keys.first), text(keys.second), plain_text(score), shown(keys.score),
                      {where, records.number()});
}

std::vector<TextPair> read_objects(const std::filesystem::path& path,
                                   const std::optional<PairColumns>& columns) {
  JsonRecords records(path, kDoing);
  std::vector<TextPair> pairs;
  std::optional<PairColumns> keys;
  for (std::string text; records.next(text);) {
    const Json object = parse_json(text, kDoing, records.where());
    if (!object.is_object()) throw InputError(kDoing, records.where(), "expected a JSON object");
    if (!keys) keys = keys_of(object, columns, records.where());
    pairs.push_back(pair_of_object(object, *keys, records));
  }
  return pairs;
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

/// SemEval's texts and, line by line in the file beside it, their scores; an empty one: nobody judged them.
std::vector<TextPair> read_semeval(const std::filesystem::path& path) {
  LineReader texts(path, kDoing, LineReader::kMaxRecordBytes);
  const std::string part = path.filename().string().substr(kSemEvalInput.size());
  LineReader scores(path.parent_path() / (std::string(kSemEvalScores) + part), kDoing,
                    LineReader::kMaxRecordBytes);
  std::vector<TextPair> pairs;
  std::string line, score;
  while (texts.next(line)) {
    if (!scores.next(score)) throw InputError(kDoing, scores.where(), "fewer scores than pairs");
    if (python_strip(score).empty()) continue;
    if (first_invalid_utf8(line)) throw InputError(kDoing, texts.where(), "not valid UTF-8");
    if (line.ends_with('\r')) line.pop_back();
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) throw InputError(kDoing, texts.where(), "expected two texts, a tab between them");
    pairs.push_back(checked_pair(line.substr(0, tab),
                                 line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1), score, "the score",
                                 {texts.where(), texts.line_number()}));
  }
  while (scores.next(score))
    if (!python_strip(score).empty()) throw InputError(kDoing, scores.where(), "more scores than pairs");
  return pairs;
}

/// Whether a file holds JSON objects, a line each or in one array.
bool is_json(const std::filesystem::path& path) {
  constexpr std::size_t kLook = 4096;
  const PeekedSource text(open_text_source(path, kDoing), kLook);
  const std::string_view first = text.first();
  std::size_t begin = first.find_first_not_of(" \t\r\n");
  if (begin < first.size() && first[begin] == '[') begin = first.find_first_not_of(" \t\r\n", begin + 1);
  return begin < first.size() && first[begin] == '{';
}

}  // namespace

std::string benchmark_name(const std::filesystem::path& path) {
  std::string name = path.filename().string();
  for (const std::string_view ending :
       {".gz", ".zst", ".xz", ".bz2", ".jsonl", ".json", ".txt", ".tsv", ".csv", ".cor"})
    if (name.size() > ending.size() && name.ends_with(ending)) name.resize(name.size() - ending.size());
  constexpr std::string_view kParts[] = {"train", "dev", "validation", "test"};
  const std::string folder = path.parent_path().filename().string();
  if (!folder.empty() && std::find(std::begin(kParts), std::end(kParts), name) != std::end(kParts))
    name = folder + "-" + name;
  return name;
}

PairBenchmark read_pair_benchmark(const std::filesystem::path& path,
                                  const std::optional<PairColumns>& columns) {
  PairBenchmark benchmark{.name = benchmark_name(path), .path = path, .hash = {}, .pairs = {}};
  const bool is_semeval = path.filename().string().starts_with(kSemEvalInput);
  benchmark.pairs = is_semeval      ? read_semeval(path)
                    : is_json(path) ? read_objects(path, columns)
                                    : read_pair_table(path, columns);
  benchmark.hash = sha256_of_file(path);
  if (benchmark.pairs.size() < 2)
    throw InputError(kDoing, path.string(),
                     fmt::format("{} pairs, expected at least 2", benchmark.pairs.size()));
  remove_lemma_suffixes(benchmark.pairs);
  return benchmark;
}

}  // namespace conceptune::evaluation
