// What of the paper's design a run has: its models, corpora, methods, proportions and concept weights.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/paper_tables.h"

namespace conceptune::report {

/// The convention under which the paper embeds texts.
inline constexpr std::string_view kPapersConvention = "paper";
inline constexpr const char* kPapersModels[] = {"Llama 3.2 1B", "Llama 3.2 3B", "Llama 3.1 8B"};

/// A row of the paper's tables, of any of its models.
struct PaperRow {
  std::string_view trained_on;
  PaperMethod method;
  double concept_weight;
};

/// The row that an arm can stand beside: trained with the paper's loss on C4 or OpenWebText, on all words of
/// sets by the paper's source or its noise, or at λ = 0. Nothing where the paper has no such arm.
std::optional<PaperRow> paper_row_of(const experiment::StoredArm& arm);

/// The paper's name of a model; nothing for one that it has not.
std::optional<std::string_view> paper_model_of(std::string_view model);

/// The paper's column for a benchmark, told by how its files are named.
std::optional<double PaperSimilarity::*> paper_similarity_column(std::string_view benchmark);

/// The paper's number in a column for one of its models.
std::optional<double> paper_number(double PaperSimilarity::*column, std::string_view model,
                                   const PaperRow& row);
std::optional<double> paper_number(double PaperNextToken::*column, std::string_view model,
                                   const PaperRow& row);

/// Whether a passage set is of the corpus that a subject was trained on; nothing where that is not known.
std::optional<bool> is_in_domain(const evaluation::Results& results, std::string_view benchmark,
                                 std::string_view subject);

/// A number that the paper's tables and figures show.
struct Quantity {
  std::string label;
  std::string metric;  // alone
  bool higher_is_better = true;
  /// Of a subject; sets in and out of domain are those of the arm `trained`. Null where it has none.
  std::function<const evaluation::Measurement*(const evaluation::Results& results, std::string_view subject,
                                               std::string_view trained)>
      find;
  /// The paper's number; empty where its tables have none.
  std::function<std::optional<double>(std::string_view model, const PaperRow& row)> paper = {};
};

/// Share of the content words that concepts are trained on; 0: the last word of each passage alone.
inline constexpr double kLastWord = 0;
std::string words_text(double words);

/// The arms that differ in concept weight and seed alone, from next-token training on.
struct DesignCurve {
  /// As the run calls them.
  std::string model, corpus;
  PaperMethod method = PaperMethod::concepts;  // or noise
  double words = 1;
  /// What else tells it from others; mostly empty.
  std::string other;
  /// Seeds by concept weight.
  std::map<double, std::vector<const experiment::StoredArm*>> arms;
};

class Design {
 public:
  /// `results` must outlive it.
  explicit Design(const experiment::Results& results);

  const std::vector<DesignCurve>& curves() const { return curves_; }
  /// Curves of the paper's main models, noise, or both, on all words.
  std::vector<const DesignCurve*> on_all_words(bool with_concepts, bool with_noise) const;
  const std::vector<std::string>& models() const { return models_; }
  const std::vector<std::string>& corpora() const { return corpora_; }
  const evaluation::Results& evaluation_of(const DesignCurve& curve) const;

  /// Spearman's correlation on each similarity set: in the paper's convention where it was measured.
  const std::vector<Quantity>& similarities() const { return similarities_; }
  /// A metric of passages in or out of the domain trained on.
  static Quantity on_passages(std::string_view metric, bool in_domain);

  /// The measurements of one quantity at a concept weight, a seed each; those without a value are left out.
  std::vector<const evaluation::Measurement*> seeds_of(const DesignCurve& curve, double weight,
                                                       const Quantity& quantity) const;
  /// Of the base model, beside a curve.
  const evaluation::Measurement* base_of(const DesignCurve& curve, const Quantity& quantity) const;

 private:
  const experiment::Results& results_;
  std::vector<DesignCurve> curves_;
  std::vector<std::string> models_, corpora_;
  std::vector<Quantity> similarities_;
};

}  // namespace conceptune::report
