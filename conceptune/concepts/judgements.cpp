#include "conceptune/concepts/judgements.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kDoing = "reading judgements";

using Texts = std::vector<std::string>;

void note(Texts& texts, const std::string& text) {
  if (!holds(texts, text)) texts.push_back(text);
}

using Place = std::pair<std::string, std::uint32_t>;

/// Brings rows together by place and person.
class Collector {
 public:
  void add(const ConceptTable& table) {
    if (table.rows.empty()) throw InputError(kDoing, table.path, "the table holds no judgements");
    for (const auto& row : table.rows) {
      check(table, row);
      JudgedSet& set = set_of(table, row);
      const std::size_t person = person_of(table, row);
      if (!set.rows.emplace(person, row).second)
        throw InputError(kDoing, table.where(row),
                         fmt::format("{} judges '{}' a second time", row.annotators[0], row.word));
    }
  }
  Judgements take() { return std::move(result_); }

 private:
  void check(const ConceptTable& table, const ConceptRow& row) {
    if (!row.begin || row.annotators.empty() || table.dataset.empty())
      throw InputError(kDoing, table.where(row),
                       fmt::format("expected {}, as a dataset's page saves them", kJudgementColumns));
    if (row.annotators.size() > 1)
      throw InputError(kDoing, table.where(row),
                       fmt::format("judged by {} people: expected the table of each, not an adjudicated one",
                                   row.annotators.size()));
    if (result_.dataset.empty()) {
      result_.dataset = table.dataset;
      first_ = table.path;
    }
    if (table.dataset != result_.dataset)
      throw InputError(kDoing, table.path,
                       fmt::format("judges dataset '{}', but {} judges '{}': another dataset, or another "
                                   "version of it",
                                   table.dataset, first_, result_.dataset));
  }

  JudgedSet& set_of(const ConceptTable& table, const ConceptRow& row) {
    const auto [at, is_new] = places_.emplace(Place(row.passage, *row.begin), result_.sets.size());
    if (is_new) result_.sets.push_back({row.passage, *row.begin, row.word, row.pos, {}});
    JudgedSet& set = result_.sets[at->second];
    if (set.word != row.word)
      throw InputError(kDoing, table.where(row),
                       fmt::format("'{}' at character {} of passage {}, where another row has '{}'", row.word,
                                   *row.begin, row.passage, set.word));
    return set;
  }

  std::size_t person_of(const ConceptTable& table, const ConceptRow& row) {
    const std::string& name = row.annotators[0];
    const auto [at, is_new] = tables_of_people_.emplace(name, std::pair(table.path, result_.people.size()));
    if (is_new) result_.people.push_back(name);
    if (at->second.first != table.path)
      throw InputError(
          kDoing, table.path,
          fmt::format("holds judgements by '{}', and so does {}: one person's work twice, or two "
                      "people of one name; tell them apart in the column annotator",
                      name, at->second.first));
    return at->second.second;
  }

  Judgements result_;
  std::string first_;  // table
  std::map<Place, std::size_t> places_;
  std::map<std::string, std::pair<std::string, std::size_t>> tables_of_people_;
};

void check_candidates(const JudgedSet& set, const ConceptWord& word) {
  Texts known;
  for (const auto& synonym : word.synonyms) known.push_back(synonym.text);
  for (const auto& candidate : set.candidates())
    if (!holds(known, candidate))
      throw InputError(kDoing,
                       fmt::format("passage {}, '{}' at character {}", set.passage, set.word, set.begin),
                       fmt::format("'{}' is no candidate of the dataset's set", candidate));
}

/// Holds the sets to the dataset and brings them into its order.
void compare_with(Judgements& judgements, const std::filesystem::path& dataset) {
  if (const auto identity = dataset_identity(dataset); identity != judgements.dataset)
    throw InputError(kDoing, dataset.string(),
                     fmt::format("is dataset '{}', but the tables judge '{}': another dataset, or another "
                                 "version of it",
                                 identity, judgements.dataset));
  std::map<Place, JudgedSet> sets;
  for (auto& set : judgements.sets) sets.emplace(Place(set.passage, set.begin), std::move(set));
  judgements.sets.clear();
  DatasetReader reader(dataset);
  for (ConceptRecord record; reader.next(record);)
    for (const auto& word : record.words) {
      const auto set = sets.find(Place(record.id, word.span.begin));
      if (set == sets.end() || word.span == tokenizer::Span{} || set->second.word != word.word) continue;
      check_candidates(set->second, word);
      judgements.sets.push_back(std::move(set->second));
      sets.erase(set);
    }
  if (!sets.empty()) {
    const JudgedSet& set = sets.begin()->second;
    throw InputError(
        kDoing, dataset.string(),
        fmt::format("passage {} has no content word '{}' at character {}, which the tables judge",
                    set.passage, set.word, set.begin));
  }
}

}  // namespace

Texts JudgedSet::added() const {
  Texts all;
  for (const auto& [person, row] : rows)
    for (const auto& text : row.added) note(all, text);
  return all;
}

Texts JudgedSet::candidates() const {
  const Texts additions = added();
  Texts all;
  for (const auto& [person, row] : rows) {
    for (const auto* list : {&row.synonyms, &row.rejected})
      for (const auto& text : *list)
        if (!holds(additions, text)) note(all, text);
  }
  return all;
}

std::optional<bool> verdict_of(const ConceptRow& row, const std::string& candidate) {
  if (holds(row.synonyms, candidate)) return true;
  if (holds(row.rejected, candidate)) return false;
  return std::nullopt;
}

void Votes::add(std::optional<bool> verdict) {
  accepted += verdict == true;
  rejected += verdict == false;
}

Votes votes_of(const JudgedSet& set, const std::string& text) {
  Votes votes;
  for (const auto& [person, row] : set.rows) votes.add(verdict_of(row, text));
  return votes;
}

Judgements read_judgements(std::span<const std::filesystem::path> tables,
                           const std::optional<std::filesystem::path>& dataset) {
  Collector collector;
  for (const auto& table : tables) collector.add(read_concept_table(table));
  Judgements judgements = collector.take();
  if (dataset) compare_with(judgements, *dataset);
  return judgements;
}

}  // namespace conceptune::concepts
