// The names of all metrics in results files, with what a reader of a table must know about each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conceptune::evaluation {

/// What kind of set a metric is taken on.
enum class MeasuredOn { pairs, passages, concepts, questions };

struct Metric {
  std::string_view name;   // in files
  std::string_view label;  // in tables and figures
  bool higher_is_better;
  MeasuredOn measured_on;
};

inline constexpr Metric kMetrics[] = {
    // Human similarity (paper section 4.1).
    {"spearman", "Spearman", true, MeasuredOn::pairs},
    {"pearson", "Pearson", true, MeasuredOn::pairs},
    {"kendall", "Kendall tau-b", true, MeasuredOn::pairs},
    // Next token (paper sections 4.2 and 4.3, appendix C).
    {"content_nll", "content-word NLL", false, MeasuredOn::passages},
    {"content_perplexity", "content-word perplexity", false, MeasuredOn::passages},
    {"content_accuracy", "content-word accuracy", true, MeasuredOn::passages},
    {"global_nll", "NLL", false, MeasuredOn::passages},
    {"global_perplexity", "perplexity", false, MeasuredOn::passages},
    {"global_accuracy", "accuracy", true, MeasuredOn::passages},
    {"concept_mass", "concept mass", true, MeasuredOn::passages},
    {"concept_nll", "concept NLL", false, MeasuredOn::passages},
    {"concept_perplexity", "concept perplexity", false, MeasuredOn::passages},
    // Geometry (paper section 5.1).
    {"intra_similarity", "intra-concept cosine", true, MeasuredOn::concepts},
    {"inter_similarity", "inter-concept cosine", false, MeasuredOn::concepts},
    {"clustering_score", "clustering score", true, MeasuredOn::concepts},
    {"centroid_similarity", "centroid similarity", false, MeasuredOn::concepts},
    // Multiple choice, as lm-evaluation-harness names them.
    {"acc", "accuracy", true, MeasuredOn::questions},
    {"acc_norm", "length-normalised accuracy", true, MeasuredOn::questions},
};

/// The metric with that name; nothing for an unknown one.
constexpr std::optional<Metric> metric_named(std::string_view name) {
  for (const Metric& metric : kMetrics)
    if (metric.name == name) return metric;
  return std::nullopt;
}

}  // namespace conceptune::evaluation
