#include "conceptune/concepts/agreement.h"

#include <algorithm>
#include <array>

namespace conceptune::concepts {
namespace {

Votes votes_of(const Unit& unit) {
  Votes votes;
  for (const auto& value : unit) votes.add(value);
  return votes;
}

std::int64_t size_of(const Votes& votes) { return votes.accepted + votes.rejected; }

/// Ordered pairs that differ, as a share of all of them.
double difference_of(const Votes& votes) {
  const std::int64_t all = size_of(votes);
  return all < 2 ? 0
                 : 2.0 * static_cast<double>(votes.accepted * votes.rejected) /
                       static_cast<double>(all * (all - 1));
}

Unit unit_of(const JudgedSet& set, const std::string& candidate, std::size_t people) {
  Unit unit(people);
  for (const auto& [person, row] : set.rows) unit[person] = verdict_of(row, candidate);
  return unit;
}

/// Adds one set to the sums of a pair; `common` and `both` count words.
void compare(const JudgedSet& set, PairAgreement& pair, std::int64_t& common, std::int64_t& both) {
  const auto first = set.rows.find(pair.first);
  const auto second = set.rows.find(pair.second);
  if (first == set.rows.end() || second == set.rows.end()) return;
  ++pair.sets;
  for (const auto& candidate : set.candidates()) {
    const auto a = verdict_of(first->second, candidate);
    const auto b = verdict_of(second->second, candidate);
    if (!a || !b) continue;
    ++pair.units;
    pair.agreed += *a == *b;
    common += *a && *b;
    both += *a + *b;
  }
  for (const auto& word : set.added()) {
    const bool a = verdict_of(first->second, word).value_or(false);
    const bool b = verdict_of(second->second, word).value_or(false);
    common += a && b;
    both += a + b;
  }
}

PairAgreement pair_of(const Judgements& judgements, std::size_t first, std::size_t second) {
  PairAgreement pair{.first = first, .second = second, .f = {}};
  std::int64_t common = 0;
  std::int64_t both = 0;
  for (const auto& set : judgements.sets) compare(set, pair, common, both);
  if (both > 0) pair.f = 2.0 * static_cast<double>(common) / static_cast<double>(both);
  return pair;
}

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

/// Who says what of a set: each candidate and added word with the names for and against it.
Json dispute_json(const Dispute& dispute, const Judgements& judgements) {
  const JudgedSet& set = judgements.sets[dispute.set];
  Json words = Json::array();
  const auto add = [&](const std::string& text, bool is_addition) {
    Json entry = {{"text", text}, {"accepted", Json::array()}, {"rejected", Json::array()}};
    for (const auto& [person, row] : set.rows)
      if (const auto verdict = verdict_of(row, text))
        entry[*verdict ? "accepted" : "rejected"].push_back(judgements.people[person]);
    if (is_addition) entry["added"] = true;
    words.push_back(std::move(entry));
  };
  for (const auto& text : set.candidates()) add(text, false);
  for (const auto& text : set.added()) add(text, true);
  return {{"passage", set.passage}, {"begin", set.begin},       {"word", set.word},
          {"pos", set.pos},         {"amount", dispute.amount}, {"words", std::move(words)}};
}

}  // namespace

std::optional<double> krippendorff_alpha(std::span<const Unit> units) {
  std::array<double, 2> of_value{};
  double apart = 0;
  for (const auto& unit : units) {
    const Votes votes = votes_of(unit);
    if (size_of(votes) < 2) continue;
    of_value[1] += static_cast<double>(votes.accepted);
    of_value[0] += static_cast<double>(votes.rejected);
    apart += difference_of(votes) * static_cast<double>(size_of(votes));
  }
  const double expected = 2 * of_value[0] * of_value[1];
  if (expected == 0) return std::nullopt;
  return 1 - (of_value[0] + of_value[1] - 1) * apart / expected;
}

Agreement agreement_of(const Judgements& judgements) {
  Agreement result;
  std::vector<Unit> units;
  for (std::size_t i = 0; i < judgements.sets.size(); ++i) {
    const JudgedSet& set = judgements.sets[i];
    ++result.sets;
    result.sets_of_several += set.rows.size() > 1;
    Dispute dispute{i, 0};
    for (const auto& candidate : set.candidates()) {
      units.push_back(unit_of(set, candidate, judgements.people.size()));
      const Votes votes = votes_of(units.back());
      result.units_of_several += size_of(votes) > 1;
      dispute.amount += difference_of(votes);
    }
    if (dispute.amount > 0) result.disputes.push_back(dispute);
  }
  result.units = static_cast<std::int64_t>(units.size());
  result.alpha = krippendorff_alpha(units);
  for (std::size_t a = 0; a < judgements.people.size(); ++a)
    for (std::size_t b = a + 1; b < judgements.people.size(); ++b)
      result.pairs.push_back(pair_of(judgements, a, b));
  std::ranges::stable_sort(result.disputes, std::greater(), &Dispute::amount);
  return result;
}

Json to_json(const Agreement& agreement, const Judgements& judgements, std::size_t disputes) {
  Json pairs = Json::array();
  for (const auto& pair : agreement.pairs)
    pairs.push_back({{"first", judgements.people[pair.first]},
                     {"second", judgements.people[pair.second]},
                     {"sets", pair.sets},
                     {"units", pair.units},
                     {"agreed", pair.agreed},
                     {"f", number(pair.f)}});
  Json largest = Json::array();
  for (std::size_t i = 0; i < std::min(disputes, agreement.disputes.size()); ++i)
    largest.push_back(dispute_json(agreement.disputes[i], judgements));
  return {{"dataset", judgements.dataset},
          {"people", judgements.people},
          {"sets", agreement.sets},
          {"sets_of_several", agreement.sets_of_several},
          {"units", agreement.units},
          {"units_of_several", agreement.units_of_several},
          {"alpha", number(agreement.alpha)},
          {"pairs", std::move(pairs)},
          {"disputed_sets", agreement.disputes.size()},
          {"disputes", std::move(largest)}};
}

}  // namespace conceptune::concepts
