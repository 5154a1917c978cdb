#include "conceptune/report/paper_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/file_name.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/report/seed_mean.h"

namespace conceptune::report {
namespace {

using evaluation::Measurement;

std::string weight_text(double weight) { return fmt::format("{:.3g}", weight); }

/// A row of a layout: the base, next-token training or a weight of a curve.
struct LayoutRow {
  const DesignCurve* curve;
  std::string method;
  std::optional<double> weight;  // none: the base
};

std::string method_text(const DesignCurve& curve) {
  const std::string method = curve.method == PaperMethod::noise ? "Noise" : "Concepts";
  return curve.other.empty() ? method : fmt::format("{} ({})", method, curve.other);
}

/// The rows of one model: base, next-token training, then concepts and noise by weight.
std::vector<LayoutRow> rows_of(const std::vector<const DesignCurve*>& curves) {
  std::vector<LayoutRow> rows;
  if (curves.empty()) return rows;
  rows.push_back({curves.front(), "Base", {}});
  const auto with_next_token =
      std::ranges::find_if(curves, [](const DesignCurve* curve) { return curve->arms.contains(0); });
  if (with_next_token != curves.end()) rows.push_back({*with_next_token, "Next token", 0.0});
  for (const PaperMethod method : {PaperMethod::concepts, PaperMethod::noise})
    for (const DesignCurve* curve : curves)
      for (const auto& [weight, arms] : curve->arms)
        if (curve->method == method && weight != 0) rows.push_back({curve, method_text(*curve), weight});
  return rows;
}

/// The paper's numbers that a row's value may stand beside: of the same model, else of its three.
std::vector<CellNumber> papers_numbers(const LayoutRow& row, const Quantity& quantity) {
  if (!quantity.paper) return {};
  const auto& arms = row.curve->arms;
  const auto* arm = row.weight ? arms.at(*row.weight).front() : arms.begin()->second.front();
  auto match = paper_row_of(*arm);
  if (!match) return {};
  if (!row.weight) match = PaperRow{match->trained_on, PaperMethod::base, 0};
  std::vector<CellNumber> numbers;
  const auto own = paper_model_of(row.curve->model);
  for (const char* model : kPapersModels)
    if (!own || *own == model)
      if (const auto value = quantity.paper(model, *match))
        numbers.push_back({fmt::format("paper {}", model), value});
  return numbers;
}

std::string papers_text(const std::vector<CellNumber>& numbers) {
  if (numbers.empty()) return {};
  std::vector<std::string> values;
  values.reserve(numbers.size());
  for (const auto& number : numbers) values.push_back(number_text(number.value));
  return fmt::format("paper{} {}", numbers.size() == 1 ? "" : " 1B, 3B, 8B:", fmt::join(values, ", "));
}

Cell value_cell(const Design& design, const LayoutRow& row, const Quantity& quantity) {
  std::vector<const Measurement*> seeds;
  if (row.weight)
    seeds = design.seeds_of(*row.curve, *row.weight, quantity);
  else if (const auto* base = design.base_of(*row.curve, quantity))
    seeds = {base};
  if (seeds.empty()) return {};
  const SeedMean mean = mean_over_seeds(seeds);
  Cell cell{number_text(mean.value), interval_text(mean.interval)};
  cell.numbers = {{"", mean.value}};
  if (mean.interval) {
    cell.numbers.push_back({"low", mean.interval->low});
    cell.numbers.push_back({"high", mean.interval->high});
  }
  const auto paper = papers_numbers(row, quantity);
  if (!paper.empty()) cell.further = {{papers_text(paper)}};
  cell.numbers.insert(cell.numbers.end(), paper.begin(), paper.end());
  return cell;
}

/// Marks the best value of a column among the rows from `first` on.
void mark_best(Table& table, std::size_t first, std::size_t column, bool higher_is_better) {
  Cell* best = nullptr;
  for (std::size_t i = first; i < table.rows.size(); ++i) {
    Cell& cell = table.rows[i][column];
    if (cell.numbers.empty()) continue;
    const double value = *cell.numbers[0].value;
    if (!best || (higher_is_better ? value > *best->numbers[0].value : value < *best->numbers[0].value))
      best = &cell;
  }
  if (best) best->is_best = true;
}

/// Leaves out columns after the third that nothing was measured for.
void drop_empty_columns(Table& table) {
  for (std::size_t i = table.columns.size(); i-- > 3;) {
    if (std::ranges::any_of(table.rows, [&](const auto& row) { return !row[i].text.empty(); })) continue;
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(i));
    for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

std::vector<const DesignCurve*> curves_at(const Design& design, const std::string& model,
                                          const std::string& corpus) {
  std::vector<const DesignCurve*> chosen;
  for (const DesignCurve* curve : design.on_all_words(true, true))
    if (curve->model == model && curve->corpus == corpus) chosen.push_back(curve);
  return chosen;
}

Table quantity_table(const Design& design, const std::string& corpus, const std::vector<Quantity>& quantities,
                     Table table) {
  table.columns = {"model", "post-training", "λ"};
  for (const auto& quantity : quantities)
    table.columns.push_back(quantity.label + (quantity.higher_is_better ? " ↑" : " ↓"));
  for (const auto& model : design.models()) {
    const std::size_t first = table.rows.size();
    for (const auto& row : rows_of(curves_at(design, model, corpus))) {
      auto& cells = table.rows.emplace_back();
      cells.push_back({model});
      cells.push_back({row.method});
      cells.push_back({row.weight ? weight_text(*row.weight) : ""});
      for (const auto& quantity : quantities) cells.push_back(value_cell(design, row, quantity));
    }
    for (std::size_t i = 0; i < quantities.size(); ++i)
      mark_best(table, first, i + 3, quantities[i].higher_is_better);
  }
  drop_empty_columns(table);
  return table;
}

/// "Table 3", where the paper has one for that corpus.
std::string papers_table(const Design& design, const std::string& corpus, const char* on_c4,
                         const char* on_owt) {
  for (const auto& curve : design.curves())
    if (curve.corpus == corpus)
      if (const auto row = paper_row_of(*curve.arms.begin()->second.front()))
        return fmt::format("Table {}", row->trained_on == "C4" ? on_c4 : on_owt);
  return fmt::format("Tables {} and {}", on_c4, on_owt);
}

}  // namespace

std::vector<Table> paper_result_tables(const Design& design) {
  std::vector<Table> tables;
  const std::vector<Quantity> next_token = {
      Design::on_passages("clustering_score", true), Design::on_passages("content_perplexity", true),
      Design::on_passages("content_perplexity", false), Design::on_passages("content_accuracy", true),
      Design::on_passages("content_accuracy", false)};
  for (std::size_t i = 0; i < design.corpora().size(); ++i) {
    const std::string& corpus = design.corpora()[i];
    const std::string part = fmt::format("{}-{}", i + 1, file_part(corpus));
    Table similarity{"paper-similarity-" + part,
                     fmt::format("As the paper's {}: similarity as people see it (Spearman), trained on {}",
                                 papers_table(design, corpus, "3", "5"), corpus),
                     {},
                     {}};
    Table others{"paper-next-token-" + part,
                 fmt::format("As the paper's {}: clustering score and content words, trained on {}",
                             papers_table(design, corpus, "4", "6"), corpus),
                 {},
                 {}};
    tables.push_back(quantity_table(design, corpus, design.similarities(), std::move(similarity)));
    tables.push_back(quantity_table(design, corpus, next_token, std::move(others)));
  }
  std::erase_if(tables, [](const Table& table) { return table.columns.size() <= 3 || table.rows.empty(); });
  return tables;
}

}  // namespace conceptune::report
