#include "conceptune/report/paper_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "conceptune/report/paper_design.h"
#include "conceptune/report/result_tables.h"

namespace conceptune::report {
namespace {

/// The change from base to that row among the paper's numbers of one model; nothing for a weight it lacks.
template <class Row>
std::optional<double> paper_change(double Row::*column, std::string_view model, const PaperRow& row,
                                   bool relative) {
  const auto base = paper_number(column, model, {row.trained_on, PaperMethod::base, 0});
  const auto trained = paper_number(column, model, row);
  if (!base || !trained) return std::nullopt;
  return relative ? 100 * (*trained / *base - 1) : *trained - *base;
}

std::string change_text(std::optional<double> change, bool relative) {
  if (!change) return "";
  return relative ? percent_text(*change) : signed_text(*change);
}

/// How the paper's change is found for a measurement, and whether it is relative.
struct Counterpart {
  std::function<std::optional<double>(std::string_view model, const PaperRow& match)> change;
  bool relative = false;
};

std::optional<Counterpart> counterpart_of(const evaluation::Results& results,
                                          const evaluation::Measurement& measurement) {
  if (measurement.metric == "spearman") {
    const auto column = paper_similarity_column(measurement.benchmark);
    if (!column || measurement.convention != kPapersConvention) return std::nullopt;
    return Counterpart{[column](std::string_view model, const PaperRow& match) {
                         return paper_change(*column, model, match, false);
                       },
                       false};
  }
  const bool perplexity = measurement.metric == "content_perplexity";
  if (!perplexity && measurement.metric != "content_accuracy") return std::nullopt;
  const auto in_domain = is_in_domain(results, measurement.benchmark, measurement.subject);
  if (!in_domain) return std::nullopt;
  auto column = perplexity ? &PaperNextToken::in_domain_perplexity : &PaperNextToken::in_domain_accuracy;
  if (!*in_domain)
    column = perplexity ? &PaperNextToken::out_of_domain_perplexity : &PaperNextToken::out_of_domain_accuracy;
  return Counterpart{[column, perplexity](std::string_view model, const PaperRow& match) {
                       return paper_change(column, model, match, perplexity);
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
              "Change from the base model: here, and in the paper with the same corpus, sets and convention "
              "(Tables 3 to 6)",
              {"measure", "arm", "this run"},
              {}};
  table.columns.insert(table.columns.end(), std::begin(kPapersModels), std::end(kPapersModels));
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& measurement : evaluated.measurements) {
      const auto arm = std::ranges::find(results.arms, measurement.subject, &experiment::StoredArm::name);
      if (arm == results.arms.end()) continue;
      const auto match = paper_row_of(*arm);
      const auto counterpart = counterpart_of(evaluated, measurement);
      if (!match || !counterpart || !counterpart->change(kPapersModels[0], *match)) continue;
      std::vector<Cell> row;
      for (const std::string& text :
           {row_label(measurement), arm->name,
            change_text(own_change(evaluated, measurement, counterpart->relative), counterpart->relative)})
        row.push_back({text, "", Tone::neutral});
      for (const char* name : kPapersModels)
        row.push_back(
            {change_text(counterpart->change(name, *match), counterpart->relative), "", Tone::neutral});
      table.rows.push_back(std::move(row));
    }
  return table;
}

}  // namespace conceptune::report
