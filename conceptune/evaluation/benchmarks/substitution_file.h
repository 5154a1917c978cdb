// Lexical substitution: words in context with the substitutes that people judged, in the JSON format of
// SWORDS (Lee et al., NAACL 2021), in which CoInCo and SemEval-2007's task are published too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace conceptune::evaluation {

struct JudgedSubstitute {
  std::string text;
  std::int64_t accepted = 0;  // labels TRUE and TRUE_IMPLICIT
  std::int64_t rejected = 0;  // FALSE and FALSE_IMPLICIT; UNSURE counts as neither

  bool operator==(const JudgedSubstitute&) const = default;
};

struct SubstitutionTarget {
  std::string id;
  std::string context;
  std::string word;                           // as it stands in the context
  std::uint32_t begin = 0;                    // its first character there
  std::string pos;                            // "NOUN", …; empty where it is not known
  std::vector<JudgedSubstitute> substitutes;  // in the file's order
};

struct SubstitutionBenchmark {
  std::string name;  // benchmark_name() of the file
  std::string hash;  // SHA-256 of the file
  std::vector<SubstitutionTarget> targets;
};

/// Reads one JSON object with `contexts`, `targets`, `substitutes` and `substitute_labels`, plain or
/// compressed. Throws InputError, naming the entry, for anything else: an unknown label, a target that is not
/// at its offset, an id that leads nowhere, a substitute without labels, no targets.
SubstitutionBenchmark read_substitution_benchmark(const std::filesystem::path& path);

}  // namespace conceptune::evaluation
