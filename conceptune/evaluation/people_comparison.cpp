#include "conceptune/evaluation/people_comparison.h"

#include <set>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/concepts/agreement.h"
#include "conceptune/concepts/file_source.h"

namespace conceptune::evaluation {
namespace {

using Texts = std::set<std::string>;

Texts lower(const std::vector<std::string>& texts) {
  Texts lowered;
  for (const auto& text : texts) lowered.insert(ascii_lower(text));
  return lowered;
}

struct Collected {
  std::vector<Hits> strict, lenient;
  std::vector<concepts::Unit> units;
};

void compare(const concepts::ConceptWord& word, const concepts::ConceptRow& row, Collected& collected) {
  const Texts wanted = lower(row.synonyms), rejected = lower(row.rejected);
  Texts proposed;
  for (const auto& synonym : word.synonyms) proposed.insert(ascii_lower(synonym.text));
  Hits strict{0, std::ssize(proposed), std::ssize(wanted)};
  for (const auto& text : proposed) strict.right += wanted.contains(text);
  Hits lenient = strict;
  for (const auto& text : proposed) lenient.proposed -= !wanted.contains(text) && !rejected.contains(text);
  collected.strict.push_back(strict);
  collected.lenient.push_back(lenient);
  for (const auto& text : wanted) collected.units.push_back({true, proposed.contains(text)});
  for (const auto& text : rejected) collected.units.push_back({false, proposed.contains(text)});
}

}  // namespace

PeopleComparison compare_with_people(const std::filesystem::path& dataset, const std::filesystem::path& table,
                                     const BootstrapOptions& options, int threads) {
  const concepts::FileSource people({.table = table}, nullptr, 1);
  PeopleComparison comparison;
  Collected collected;
  concepts::DatasetReader reader(dataset);
  for (concepts::ConceptRecord record; reader.next(record);)
    for (const auto& word : record.words) {
      ++comparison.words;
      if (const auto* row = people.row_of(word, record.id)) compare(word, *row, collected);
    }
  comparison.compared = std::ssize(collected.strict);
  if (comparison.compared == 0)
    throw InputError("comparing a dataset with people's table", table.string(),
                     "none of its rows is about a word of the dataset");
  comparison.strict = pool_hits(collected.strict, options, threads);
  comparison.lenient = pool_hits(collected.lenient, options, threads);
  comparison.alpha = concepts::krippendorff_alpha(collected.units);
  return comparison;
}

Json PeopleComparison::to_json() const {
  return {{"words", words},
          {"compared", compared},
          {"strict", strict.to_json()},
          {"lenient", lenient.to_json()},
          {"alpha", alpha ? Json(*alpha) : Json()}};
}

}  // namespace conceptune::evaluation
