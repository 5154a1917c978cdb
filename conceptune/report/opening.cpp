#include "conceptune/report/opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/base/file_name.h"
#include "conceptune/report/run_conditions.h"

namespace conceptune::report {
namespace {

using evaluation::Verdict;

Json value_at(const experiment::StoredArm& arm, const char* pointer) {
  return arm.options.value(Json::json_pointer(pointer), Json());
}

/// The different values of an option over all arms, as texts.
std::set<std::string> values_of(const std::vector<experiment::StoredArm>& arms, const char* pointer) {
  std::set<std::string> values;
  for (const auto& arm : arms) {
    const Json value = value_at(arm, pointer);
    if (!value.is_null()) values.insert(plain_text(value));
  }
  return values;
}

/// "c4 and owt": the corpora, by their files' names.
std::set<std::string> corpora_of(const std::vector<experiment::StoredArm>& arms) {
  std::set<std::string> names;
  for (const auto& arm : arms)
    for (const auto& file : value_at(arm, "/corpus/files")) names.insert(file_label(file.get<std::string>()));
  return names;
}

template <class Texts>
std::string listed(const Texts& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string count_text(std::size_t count, std::string_view one, std::string_view many) {
  return count == 1 ? std::string(one) : fmt::format("{} {}", count, many);
}

/// "3 to 5 seeds": how many the arms have.
std::string seeds_text(const std::vector<experiment::StoredArm>& arms,
                       const std::vector<std::string>& models) {
  std::set<std::size_t> counts;
  for (const auto& model : models)
    for (const auto& condition : conditions_of(arms, model)) counts.insert(condition.arms.size());
  if (counts.empty()) return "no seed";
  const std::string most = count_text(*counts.rbegin(), "one seed", "seeds");
  return counts.size() == 1 ? most : fmt::format("{} to {}", *counts.begin(), most);
}

std::vector<std::string> what_was_done(const experiment::Results& results) {
  std::vector<std::string> sentences;
  const auto& arms = results.arms;
  std::vector<std::string> models;
  for (const auto& evaluation : results.evaluations) models.push_back(evaluation.model);
  sentences.push_back(fmt::format("Trained: {} from {}, on {} passages of {}, with {}.",
                                  count_text(arms.size(), "one adapter", "adapters"), listed(models),
                                  listed(values_of(arms, "/corpus/passages")), listed(corpora_of(arms)),
                                  seeds_text(arms, models)));
  std::set<std::string> losses;
  for (const auto& arm : arms) losses.insert(arm.objective);
  sentences.push_back(fmt::format("Losses: {}; concept sets from the source {}.", listed(losses),
                                  listed(values_of(arms, "/annotation/source"))));
  std::vector<std::string> data;
  if (!results.evaluations.empty())
    for (const auto& used : results.evaluations.front().results.data)
      data.push_back(fmt::format("{} ({})", used.benchmark, used.items));
  if (!data.empty())
    sentences.push_back(fmt::format("Measured on, with the number of items: {}.", listed(data)));
  return sentences;
}

bool decided(const JudgedAnswer& judged) { return judged.judgement.verdict != Verdict::undecided; }

std::vector<Opening::Finding> what_was_found(const std::vector<JudgedAnswer>& answers) {
  std::vector<Opening::Finding> findings;
  for (const auto& judged : answers) {
    const std::string& question = judged.answer.contrast.question;
    auto finding = std::ranges::find(findings, question, &Opening::Finding::question);
    if (finding == findings.end()) finding = findings.insert(finding, {question, {}});
    auto& groups = finding->groups;
    const std::string verdict = verdict_text(judged), sides = sides_and_seeds(judged);
    const Tone tone = tone_of(judged);
    auto same = std::ranges::find_if(groups, [&](const auto& other) {
      return other.verdict == verdict && other.sides == sides && other.tone == tone;
    });
    if (same == groups.end()) same = groups.insert(same, {verdict, sides, tone, decided(judged), {}});
    same->measured.push_back(difference_text(judged));
  }
  return findings;
}

std::vector<std::string> what_it_does_not_say(const std::vector<JudgedAnswer>& answers) {
  std::vector<std::string> limits;
  if (answers.empty()) return {"Nothing was asked, so no difference here was tested."};
  std::set<std::string> reasons;
  for (const auto& judged : answers)
    for (const auto& reason : evaluation::cautions(judged.answer)) reasons.insert(reason);
  limits.reserve(reasons.size());
  for (const auto& reason : reasons) limits.push_back("Of some answers: " + reason + ".");
  const auto undecided = std::ranges::count_if(answers, [](const auto& judged) { return !decided(judged); });
  if (undecided > 0)
    limits.push_back(
        fmt::format("{} of {} answers {} undecided: that is no evidence that there is no difference.",
                    undecided, answers.size(), undecided == 1 ? "is" : "are"));
  limits.emplace_back(
      "Answers hold for this model, these corpora and this way to make concept sets; other differences in "
      "the tables below were not asked for in advance and are not corrected for being many.");
  return limits;
}

}  // namespace

std::size_t Opening::Finding::undecided() const {
  std::size_t count = 0;
  for (const auto& group : groups)
    if (!group.is_decided) count += group.measured.size();
  return count;
}

std::size_t Opening::Finding::answers() const {
  std::size_t count = 0;
  for (const auto& group : groups) count += group.measured.size();
  return count;
}

Opening opening_of(const experiment::Results& results, const std::vector<JudgedAnswer>& answers) {
  return {what_was_done(results), what_was_found(answers), what_it_does_not_say(answers)};
}

}  // namespace conceptune::report
