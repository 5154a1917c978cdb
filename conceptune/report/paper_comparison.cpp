#include "conceptune/report/paper_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>

#include "conceptune/base/ascii_case.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/report/paper_tables.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/training/loss/losses.h"

namespace conceptune::report {
namespace {

constexpr std::array kModels = {"Llama 3.2 1B", "Llama 3.2 3B", "Llama 3.1 8B"};
constexpr std::string_view kTrainedOn = "C4";

using SimilarityColumn = double PaperSimilarity::*;

/// The paper's column for a benchmark, told by how its files are named.
std::optional<SimilarityColumn> similarity_column(std::string_view benchmark) {
  const std::string name = ascii_lower(benchmark);
  if (name.starts_with("men")) return &PaperSimilarity::men;
  if (name.starts_with("simlex")) return &PaperSimilarity::simlex;
  if (name.starts_with("wordsim")) return &PaperSimilarity::wordsim;
  if (name.starts_with("sts")) return &PaperSimilarity::stsb;
  return std::nullopt;
}

/// The change from base to concept weight in the paper's rows of one model; nothing for a weight it lacks.
template <class Row>
std::optional<double> paper_change(std::span<const Row> rows, std::string_view model, double weight,
                                   double Row::*column, bool relative) {
  std::optional<double> base, trained;
  for (const Row& row : rows) {
    if (row.model != model || row.trained_on != kTrainedOn) continue;
    if (row.method == PaperMethod::base) base = row.*column;
    const bool ours = row.method == PaperMethod::concepts || row.method == PaperMethod::next_token;
    if (ours && row.concept_weight == weight) trained = row.*column;
  }
  if (!base || !trained) return std::nullopt;
  return relative ? 100 * (*trained / *base - 1) : *trained - *base;
}

std::string change_text(std::optional<double> change, bool relative) {
  if (!change) return "";
  return relative ? percent_text(*change) : signed_text(*change);
}

/// Whether the arm was trained as the paper's models were.
bool has_the_papers_loss(const experiment::StoredArm& arm) {
  const auto loss = value_named<training::Loss>(arm.objective);
  return loss && loss->rule().is_the_papers;
}

/// How the paper's change is found for a measurement, and whether it is relative.
struct Counterpart {
  std::function<std::optional<double>(std::string_view model, double weight)> change;
  bool relative = false;
};

/// Whether the passages are of the corpus that the arm was trained on; nothing where that is not known.
std::optional<bool> is_in_domain(const evaluation::Results& results,
                                 const evaluation::Measurement& measurement) {
  const auto data = std::ranges::find(results.data, measurement.benchmark, &evaluation::DataUsed::benchmark);
  if (data == results.data.end() || !data->in_domain) return std::nullopt;
  return std::ranges::find(*data->in_domain, measurement.subject) != data->in_domain->end();
}

std::optional<Counterpart> counterpart_of(const evaluation::Results& results,
                                          const evaluation::Measurement& measurement) {
  if (measurement.metric == "spearman") {
    const auto column = similarity_column(measurement.benchmark);
    if (!column) return std::nullopt;
    return Counterpart{[column](std::string_view model, double weight) {
                         return paper_change(paper_similarities(), model, weight, *column, false);
                       },
                       false};
  }
  const bool perplexity = measurement.metric == "content_perplexity";
  if (!perplexity && measurement.metric != "content_accuracy") return std::nullopt;
  const auto in_domain = is_in_domain(results, measurement);
  if (!in_domain) return std::nullopt;
  auto column = perplexity ? &PaperNextToken::in_domain_perplexity : &PaperNextToken::in_domain_accuracy;
  if (!*in_domain)
    column = perplexity ? &PaperNextToken::out_of_domain_perplexity : &PaperNextToken::out_of_domain_accuracy;
  return Counterpart{[column, perplexity](std::string_view model, double weight) {
                       return paper_change(paper_next_tokens(), model, weight, column, perplexity);
                     },
                     perplexity};
}

std::optional<double> own_change(const evaluation::Results& results, const evaluation::Measurement& trained,
                                 bool relative) {
  const auto* base = results.find(evaluation::kBase, trained.benchmark, trained.metric, trained.convention);
  if (!base || !base->value.value || !trained.value.value) return std::nullopt;
  const double from = *base->value.value, to = *trained.value.value;
  return relative ? 100 * (to / from - 1) : to - from;
}

}  // namespace

Table paper_comparison(const experiment::Results& results) {
  Table table{"paper",
              "Change from the base model: here, and in the paper (trained on C4; Tables 3 and 4)",
              {"measure", "λ", "this run"},
              {}};
  table.columns.insert(table.columns.end(), kModels.begin(), kModels.end());
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& measurement : evaluated.measurements) {
      const auto arm = std::find_if(results.arms.begin(), results.arms.end(),
                                    [&](const auto& a) { return a.name == measurement.subject; });
      if (arm == results.arms.end() || !has_the_papers_loss(*arm)) continue;
      const auto counterpart = counterpart_of(evaluated, measurement);
      if (!counterpart) continue;
      if (!counterpart->change(kModels[0], arm->concept_weight)) continue;
      std::vector<Cell> row;
      for (const std::string& text :
           {row_label(measurement), fmt::format("{}", arm->concept_weight),
            change_text(own_change(evaluated, measurement, counterpart->relative), counterpart->relative)})
        row.push_back({text, "", Tone::neutral});
      for (const char* name : kModels)
        row.push_back({change_text(counterpart->change(name, arm->concept_weight), counterpart->relative), "",
                       Tone::neutral});
      table.rows.push_back(std::move(row));
    }
  return table;
}

}  // namespace conceptune::report
