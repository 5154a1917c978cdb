#include "conceptune/report/paper_interval_tables.h"

#include <fmt/format.h>

#include "conceptune/report/result_tables.h"

namespace conceptune::report {
namespace {

using evaluation::Measurement;

Cell bounds_cell(double low, double high, const std::string& name) {
  Cell cell{fmt::format("[{}, {}]{}", signed_text(low), signed_text(high), low <= 0 && high >= 0 ? "*" : "")};
  cell.numbers = {{name + "lower", low}, {name + "upper", high}};
  return cell;
}

const evaluation::Comparison* with_base(const Measurement& measurement, std::string_view resampled) {
  for (const auto& comparison : measurement.comparisons)
    if (comparison.reference == evaluation::kBase && comparison.unit == resampled && comparison.interval)
      return &comparison;
  return nullptr;
}

Cell interval_cell(const Measurement* measurement) {
  const auto* tokens = measurement ? with_base(*measurement, "tokens") : nullptr;
  if (!tokens) return {};
  Cell cell = bounds_cell(tokens->interval->low, tokens->interval->high, "");
  if (const auto* passages = with_base(*measurement, "passages")) {
    const Cell below = bounds_cell(passages->interval->low, passages->interval->high, "passages ");
    cell.detail = "passages " + below.text;
    cell.numbers.insert(cell.numbers.end(), below.numbers.begin(), below.numbers.end());
  }
  return cell;
}

/// The paper's intervals for the same model, corpora and weight.
void add_papers_bounds(const DesignCurve& curve, const experiment::StoredArm& arm, bool in_domain,
                       Cell& accuracy, Cell& nll) {
  const auto model = paper_model_of(curve.model);
  const auto match = paper_row_of(arm);
  if (!model || !match || match->method == PaperMethod::noise) return;
  for (const auto& paper : paper_intervals()) {
    if (paper.model != *model || paper.trained_on != match->trained_on ||
        (paper.trained_on == paper.evaluated_on) != in_domain ||
        paper.concept_weight != match->concept_weight)
      continue;
    for (const auto& [cell, bounds] : {std::pair(&accuracy, paper.accuracy), std::pair(&nll, paper.nll)}) {
      const Cell below = bounds_cell(bounds.low, bounds.high, "paper ");
      cell->further.push_back({"paper " + below.text});
      cell->numbers.insert(cell->numbers.end(), below.numbers.begin(), below.numbers.end());
    }
  }
}

Table interval_table(const Design& design, bool in_domain) {
  Table table{
      in_domain ? "paper-table-1" : "paper-table-2",
      fmt::format(
          "As the paper's Table {}: content words, adapter minus base, {} domain, 95 % paired bootstrap "
          "intervals of tokens, of passages below; * holds 0",
          in_domain ? 1 : 2, in_domain ? "in" : "out of"),
      {"model", "trained on", "λ", "adapter", "accuracy ↑", "NLL ↓"},
      {}};
  const Quantity accuracy = Design::on_passages("content_accuracy", in_domain);
  const Quantity nll = Design::on_passages("content_nll", in_domain);
  for (const DesignCurve* curve : design.on_all_words(true, false))
    for (const auto& [weight, arms] : curve->arms)
      for (const auto* arm : arms) {
        const auto& results = design.evaluation_of(*curve);
        Cell first = interval_cell(accuracy.find(results, arm->name, arm->name));
        Cell second = interval_cell(nll.find(results, arm->name, arm->name));
        if (first.text.empty() && second.text.empty()) continue;
        add_papers_bounds(*curve, *arm, in_domain, first, second);
        table.rows.push_back(
            {{curve->model}, {curve->corpus}, {fmt::format("{:.3g}", weight)}, {arm->name}, first, second});
      }
  return table;
}

}  // namespace

std::vector<Table> paper_interval_tables(const Design& design) {
  std::vector<Table> tables = {interval_table(design, true), interval_table(design, false)};
  std::erase_if(tables, [](const Table& table) { return table.rows.empty(); });
  return tables;
}

}  // namespace conceptune::report
