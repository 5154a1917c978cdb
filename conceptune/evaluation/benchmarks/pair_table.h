// Text pairs from tables: rows of fields separated by tabs, commas or blanks, with a header row or without.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/evaluation/benchmarks/benchmarks.h"

namespace conceptune::evaluation {

/// Begins every message about a benchmark's files.
inline constexpr const char* kReadingBenchmark = "reading benchmark";

/// Headers (or keys of JSON objects) of published benchmarks.
extern const std::vector<PairColumns> kKnownColumns;

/// What to do about a layout that is not known.
inline constexpr std::string_view kNameThem =
    "are named to conceptune eval by --columns FIRST,SECOND,SCORE (by numbers from 1 where no row names "
    "them)";

/// Reads a table as read_pair_benchmark() says.
std::vector<TextPair> read_pair_table(const std::filesystem::path& path,
                                      const std::optional<PairColumns>& columns);

/// Where a pair stands in its file.
struct PairPlace {
  std::string where;  // for messages
  std::int64_t line;
};

/// A pair from its fields. `score_name` is what messages call the score's column. Throws InputError for an
/// empty text and a score that is no finite number.
TextPair checked_pair(std::string first, std::string second, std::string_view score,
                      std::string_view score_name, const PairPlace& place);

}  // namespace conceptune::evaluation
