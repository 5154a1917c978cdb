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

/// Names in a file's header row, or keys of its JSON objects, for layouts that are not known.
struct PairColumns {
  std::string first;
  std::string second;
  std::string score;
};

/// Reads a benchmark. Fields are separated by tabs, else commas (quoting allowed), else blanks; lines that
/// are empty or begin with '#' are passed over. With `columns` the first row must name them. Without, these
/// layouts are known:
///   - three columns: text, text, score (WordSim-353, SimLex-999 and MEN's natural form);
///   - the same with "-n", "-v" or "-j" after every word (MEN's lemma form), which is removed;
///   - a header with word1, word2, SimLex999 (SimLex-999's full table); Word 1, Word 2, Human (mean)
///     (WordSim-353's tables); sentence1, sentence2, score (GLUE's STS-B); sentence_A, sentence_B,
///     relatedness_score (SICK);
///   - seven columns or more, unquoted tabs: score fifth, sentences sixth and seventh (STS-B's original);
///   - a JSON object a line with such a header's names as keys (the STS tasks as MTEB ships them);
///   - STS.input.X.txt, two texts with a tab between, whose scores are the lines of STS.gs.X.txt beside it
///     (SemEval's STS tasks of 2012 to 2016); pairs with an empty score were not judged and are no part of
///     it.
/// Throws InputError with file and line for an unknown layout, a missing field, an empty text, a score that
/// is no finite number, invalid UTF-8, and for fewer than two pairs.
PairBenchmark read_pair_benchmark(const std::filesystem::path& path,
                                  const std::optional<PairColumns>& columns = std::nullopt);

}  // namespace conceptune::evaluation
