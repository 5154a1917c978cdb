// Files of text pairs that people judged for similarity: word pairs and sentence pairs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace conceptune::evaluation {

/// Two texts and the mean human score of their similarity, on the benchmark's own scale.
struct TextPair {
  std::string first;
  std::string second;
  double score;
  std::int64_t line;  // in the file, from 1
};

struct PairBenchmark {
  std::string name;  // the file's name without its endings ("simlex999"); "sick-test" for sick/test.jsonl
  std::filesystem::path path;
  std::string hash;  // sha256 of the file
  std::vector<TextPair> pairs;
};

/// The file's name without what tells its format; "test" and the like are parts of the set that the folder
/// names.
std::string benchmark_name(const std::filesystem::path& path);

/// Names in a file's header row or keys of its JSON objects, for layouts that are not known; or numbers of
/// columns from 1, for tables without a header.
struct PairColumns {
  std::string first;
  std::string second;
  std::string score;
};

/// Reads a benchmark. Fields are separated by tabs (unquoted), else commas (quoted as in CSV), else blanks;
/// empty lines are passed over. So are lines that begin with '#' before the first row, unless they are rows
/// themselves; after it, '#' is a character like others. With `columns` the first row must name them, or they
/// are numbers. Without, these layouts are known, by the header or by what the first row has in it:
///   - text, text, score (WordSim-353, SimLex-999 and MEN's natural form), and further numbers (the Rare
///   Words'
///     single judgements);
///   - the same with "-n", "-v" or "-j" after every word (MEN's lemma form), which is removed;
///   - a header with word1, word2, SimLex999 (SimLex-999's full table); Word 1, Word 2, Human (mean)
///     (WordSim-353's tables); sentence1, sentence2, score (GLUE's STS-B); sentence_A, sentence_B,
///     relatedness_score (SICK);
///   - seven columns or more: a score from 0 to 5 fifth, sentences sixth and seventh (STS-B's original);
///   - JSON objects, a line each or in one array, with such a header's names as keys (the STS tasks as MTEB
///     ships them);
///   - STS.input.X.txt, two texts with a tab between, whose scores are the lines of STS.gs.X.txt beside it
///     (SemEval's STS tasks of 2012 to 2016); pairs with an empty score were not judged and are no part of
///     it.
/// Throws InputError with file, line and column for an unknown layout, a missing or surplus field, an empty
/// text, a score that is no finite number, invalid UTF-8, and for fewer than two pairs.
PairBenchmark read_pair_benchmark(const std::filesystem::path& path,
                                  const std::optional<PairColumns>& columns = std::nullopt);

}  // namespace conceptune::evaluation
