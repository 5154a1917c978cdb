#include "conceptune/concepts/adjudicate.h"

#include <algorithm>
#include <utility>

namespace conceptune::concepts {
namespace {

ConceptRow row_of(const JudgedSet& set, bool keep_added, Adjudication& counts) {
  ConceptRow row;
  std::vector<std::pair<std::int64_t, std::string>> kept;  // with their votes
  for (const auto& text : set.candidates()) {
    const Votes votes = votes_of(set, text);
    if (votes.accepted > votes.rejected) {
      kept.emplace_back(votes.accepted, text);
      ++counts.accepted;
    } else {
      row.rejected.push_back(text);
      ++counts.rejected;
      counts.ties += votes.accepted == votes.rejected;
    }
  }
  for (const auto& text : set.added()) {
    const std::int64_t adders = votes_of(set, text).accepted;
    const bool stays = keep_added || 2 * adders > static_cast<std::int64_t>(set.rows.size());
    ++(stays ? counts.added : counts.too_few);
    if (!stays) continue;
    kept.emplace_back(adders, text);
    row.added.push_back(text);
  }
  std::ranges::stable_sort(kept, [](const auto& a, const auto& b) { return a.first > b.first; });
  for (auto& [votes, text] : kept) row.synonyms.push_back(std::move(text));
  return row;
}

}  // namespace

Json Adjudication::to_json() const {
  return {{"sets", table.rows.size()},
          {"accepted", accepted},
          {"rejected", rejected},
          {"ties", ties},
          {"added", added},
          {"too_few_added", too_few}};
}

Adjudication adjudicate(const Judgements& judgements, bool keep_added) {
  Adjudication result;
  result.table.dataset = judgements.dataset;
  for (const auto& set : judgements.sets) {
    ConceptRow row = row_of(set, keep_added, result);
    row.word = set.word;
    row.pos = set.pos;
    row.passage = set.passage;
    row.begin = set.begin;
    for (const auto& [person, judgement] : set.rows) row.annotators.push_back(judgements.people[person]);
    result.table.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace conceptune::concepts
