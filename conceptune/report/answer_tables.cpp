#include "conceptune/report/answer_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conceptune/options/option_fields.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/results/metrics.h"

namespace conceptune::report {
namespace {

using evaluation::Answer;
using evaluation::Contrast;
using evaluation::Verdict;

/// "0.95" of the first evaluation; all of a run have the same settings but for what their models decide.
double confidence_of(const experiment::Results& results) {
  return results.evaluations.empty() ? 0.95 : results.evaluations.front().results.bootstrap.confidence;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

std::string sides_text(const Contrast& contrast) {
  return fmt::format("{} minus {}", contrast.plus, contrast.minus);
}

std::string seeds_text(const Contrast& contrast) {
  return contrast.seeds.size() == 1 ? "one seed" : fmt::format("{} seeds", contrast.seeds.size());
}

std::string items_text(const Answer& answer) {
  std::vector<std::string> counts;
  for (const auto count : answer.items) counts.push_back(fmt::format("{}", count));
  return counts.empty() ? "" : joined(counts, " + ") + " " + answer.resampled;
}

std::string p_text(std::optional<double> p) {
  if (!p) return "";
  return *p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", *p);
}

Cell plain(std::string text, std::string detail = "") {
  return {std::move(text), std::move(detail), Tone::neutral};
}

Cell explained_cell(const Answer& answer) {
  if (!answer.explained) return {};
  if (!answer.explained_interval) return plain("undecided", "the gain itself is not sure");
  return plain(share_text(*answer.explained),
               fmt::format("[{}, {}]", share_text(answer.explained_interval->low),
                           share_text(answer.explained_interval->high)));
}

std::string number(std::optional<double> value) { return value ? fmt::format("{:.9g}", *value) : ""; }

void append_bounds(std::vector<Cell>& row, const std::optional<evaluation::Interval>& interval) {
  row.push_back(plain(interval ? number(interval->low) : ""));
  row.push_back(plain(interval ? number(interval->high) : ""));
}

}  // namespace

std::vector<JudgedAnswer> judged_answers(const experiment::Results& results) {
  std::vector<Answer> answers;
  std::vector<JudgedAnswer> judged;
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& answer : evaluated.answers) {
      answers.push_back(answer);
      judged.push_back({model, answer, {}});
    }
  const auto judgements = evaluation::judge(answers, confidence_of(results));
  for (std::size_t i = 0; i < judged.size(); ++i) judged[i].judgement = judgements[i];
  return judged;
}

Tone tone_of(const JudgedAnswer& judged) {
  const auto metric = evaluation::metric_named(judged.answer.contrast.metric);
  const Verdict verdict = judged.judgement.verdict;
  if (!metric || (verdict != Verdict::higher && verdict != Verdict::lower)) return Tone::neutral;
  return (verdict == Verdict::higher) == metric->higher_is_better ? Tone::better : Tone::worse;
}

std::string measured_text(const Contrast& contrast) {
  const auto metric = evaluation::metric_named(contrast.metric);
  std::vector<std::string> sets;
  for (const auto& set : contrast.sets) sets.push_back(set.benchmark);
  std::string text = sets.size() == 1 ? sets[0] + " " : "mean of " + joined(sets, ", ") + ": ";
  text += metric ? metric->label : contrast.metric;
  if (metric) text += metric->higher_is_better ? " ↑" : " ↓";
  const std::string convention = contrast.sets.empty() ? "" : contrast.sets[0].convention;
  return convention.empty() ? text : fmt::format("{} ({})", text, convention);
}

Table answer_table(const std::vector<JudgedAnswer>& answers) {
  Table table{"answers",
              "What was asked: differences between arms at the same seeds and items",
              {"question", "measured", "arms", "difference", "verdict", "p (Holm)", "of these items",
               "the other side has of the gain", "from"},
              {}};
  for (const auto& judged : answers) {
    const Answer& answer = judged.answer;
    const Tone tone = tone_of(judged);
    const std::string difference =
        answer.difference.value ? signed_text(*answer.difference.value) : "undefined";
    table.rows.push_back(
        {plain(answer.contrast.question),
         plain(measured_text(answer.contrast), judged.model),
         plain(sides_text(answer.contrast)),
         {difference,
          answer.difference.value ? interval_text(answer.interval) : answer.difference.undefined_because,
          tone},
         plain(std::string(name_of(judged.judgement.verdict)),
               answer.contrast.margin > 0 ? fmt::format("margin {}", answer.contrast.margin) : ""),
         plain(p_text(judged.judgement.p_holm)),
         plain(interval_text(answer.seed_interval)),
         explained_cell(answer),
         plain(fmt::format("{}, {}", seeds_text(answer.contrast), items_text(answer)),
               joined(evaluation::cautions(answer), "; "))});
  }
  return table;
}

Table answer_numbers(const std::vector<JudgedAnswer>& answers) {
  Table table{"answers",
              "What was asked: differences between arms at the same seeds and items",
              {"question",  "model",      "plus",       "minus",         "concept_weight", "metric",
               "sets",      "convention", "difference", "low",           "high",           "p",
               "p_holm",    "verdict",    "margin",     "seeds",         "items",          "seed_low",
               "seed_high", "gain_over",  "explained",  "explained_low", "explained_high"},
              {}};
  for (const auto& judged : answers) {
    const Answer& answer = judged.answer;
    const Contrast& contrast = answer.contrast;
    std::vector<std::string> sets;
    for (const auto& set : contrast.sets) sets.push_back(set.benchmark);
    std::int64_t items = 0;
    for (const auto count : answer.items) items += count;
    std::vector<Cell> row;
    for (const std::string& text :
         {contrast.question, judged.model, contrast.plus, contrast.minus, number(contrast.concept_weight),
          contrast.metric, joined(sets, " "), contrast.sets.empty() ? "" : contrast.sets[0].convention,
          number(answer.difference.value)})
      row.push_back(plain(text));
    append_bounds(row, answer.interval);
    for (const std::string& text :
         {number(answer.p), number(judged.judgement.p_holm), std::string(name_of(judged.judgement.verdict)),
          number(contrast.margin), fmt::format("{}", contrast.seeds.size()), fmt::format("{}", items)})
      row.push_back(plain(text));
    append_bounds(row, answer.seed_interval);
    row.push_back(plain(contrast.reference));
    row.push_back(plain(number(answer.explained)));
    append_bounds(row, answer.explained_interval);
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string verdict_text(const JudgedAnswer& judged) {
  const double margin = judged.answer.contrast.margin;
  if (judged.judgement.verdict == Verdict::no_difference && margin > 0)
    return fmt::format("no difference larger than {}", margin);
  return std::string(name_of(judged.judgement.verdict));
}

std::string sides_and_seeds(const JudgedAnswer& judged) {
  return fmt::format("{}; {}", sides_text(judged.answer.contrast), seeds_text(judged.answer.contrast));
}

std::string difference_text(const JudgedAnswer& judged) {
  const Answer& answer = judged.answer;
  const std::string measured = measured_text(answer.contrast);
  if (!answer.difference.value) return fmt::format("{}: {}", measured, answer.difference.undefined_because);
  std::string text = fmt::format("{} {}", measured, signed_text(*answer.difference.value));
  if (answer.interval) text.append(" ").append(interval_text(answer.interval));
  return fmt::format("{}, {}", text, items_text(answer));
}

}  // namespace conceptune::report
