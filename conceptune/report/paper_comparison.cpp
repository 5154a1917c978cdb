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

constexpr std::string_view kPapersConvention = "paper";
constexpr std::array kModels = {"Llama 3.2 1B", "Llama 3.2 3B", "Llama 3.1 8B"};

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

/// The rows of the paper that an arm can stand beside.
struct MatchingRow {
  std::string_view trained_on;
  PaperMethod method;
  double concept_weight;
};

/// The paper's name of the corpus that an arm was trained on, told by its files.
std::optional<std::string_view> corpus_of(const experiment::StoredArm& arm) {
  const Json files = arm.options.value(Json::json_pointer("/corpus/files"), Json::array());
  if (files.size() != 1) return std::nullopt;
  const std::string path = ascii_lower(files[0].get<std::string>());
  if (path.find("c4") != std::string::npos) return "C4";
  if (path.find("openwebtext") != std::string::npos || path.find("owt") != std::string::npos)
    return "OpenWebText";
  return std::nullopt;
}

/// Nothing where the paper has no such arm.
std::optional<MatchingRow> matching_row(const experiment::StoredArm& arm) {
  const auto loss = value_named<training::Loss>(arm.objective);
  const auto corpus = corpus_of(arm);
  const auto option = [&](const char* pointer, const Json& otherwise) {
    return arm.options.value(Json::json_pointer(pointer), otherwise);
  };
  const bool on_all_words =
      option("/variant/words", 1.0) == Json(1.0) && !option("/variant/last_word_only", false).get<bool>();
  if (!loss || !loss->rule().is_the_papers || !corpus || !on_all_words) return std::nullopt;
  if (arm.concept_weight == 0) return MatchingRow{*corpus, PaperMethod::next_token, 0};
  const std::string noise = option("/variant/noise", "none");
  if (option("/annotation/source", "") != Json("prompt") || (noise != "none" && noise != "paper"))
    return std::nullopt;
  return MatchingRow{*corpus, noise == "paper" ? PaperMethod::noise : PaperMethod::concepts,
                     arm.concept_weight};
}

/// The change from base to that row in the paper's rows of one model; nothing for a weight it lacks.
template <class Row>
std::optional<double> paper_change(std::span<const Row> rows, std::string_view model,
                                   const MatchingRow& match, double Row::*column, bool relative) {
  std::optional<double> base, trained;
  for (const Row& row : rows) {
    if (row.model != model || row.trained_on != match.trained_on) continue;
    if (row.method == PaperMethod::base) base = row.*column;
    if (row.method == match.method && row.concept_weight == match.concept_weight) trained = row.*column;
  }
  if (!base || !trained) return std::nullopt;
  return relative ? 100 * (*trained / *base - 1) : *trained - *base;
}

std::string change_text(std::optional<double> change, bool relative) {
  if (!change) return "";
  return relative ? percent_text(*change) : signed_text(*change);
}

/// How the paper's change is found for a measurement, and whether it is relative.
struct Counterpart {
  std::function<std::optional<double>(std::string_view model, const MatchingRow& match)> change;
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
    if (!column || measurement.convention != kPapersConvention) return std::nullopt;
    return Counterpart{[column](std::string_view model, const MatchingRow& match) {
                         return paper_change(paper_similarities(), model, match, *column, false);
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
  return Counterpart{[column, perplexity](std::string_view model, const MatchingRow& match) {
                       return paper_change(paper_next_tokens(), model, match, column, perplexity);
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
  table.columns.insert(table.columns.end(), kModels.begin(), kModels.end());
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& measurement : evaluated.measurements) {
      const auto arm = std::ranges::find(results.arms, measurement.subject, &experiment::StoredArm::name);
      if (arm == results.arms.end()) continue;
      const auto match = matching_row(*arm);
      const auto counterpart = counterpart_of(evaluated, measurement);
      if (!match || !counterpart || !counterpart->change(kModels[0], *match)) continue;
      std::vector<Cell> row;
      for (const std::string& text :
           {row_label(measurement), arm->name,
            change_text(own_change(evaluated, measurement, counterpart->relative), counterpart->relative)})
        row.push_back({text, "", Tone::neutral});
      for (const char* name : kModels)
        row.push_back(
            {change_text(counterpart->change(name, *match), counterpart->relative), "", Tone::neutral});
      table.rows.push_back(std::move(row));
    }
  return table;
}

}  // namespace conceptune::report
