// The names of all metrics in results files, with what a reader of a table must know about each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conceptune::evaluation {

struct Metric {
  std::string_view name;   // in files
  std::string_view label;  // in tables and figures
  bool higher_is_better;
};

inline constexpr Metric kMetrics[] = {
    // Human similarity (paper section 4.1).
    {"spearman", "Spearman", true},
    {"pearson", "Pearson", true},
    {"kendall", "Kendall tau-b", true},
    // Next token (paper sections 4.2 and 4.3, appendix C).
    {"content_nll", "content-word NLL", false},
    {"content_perplexity", "content-word perplexity", false},
    {"content_accuracy", "content-word accuracy", true},
    {"global_nll", "NLL", false},
    {"global_perplexity", "perplexity", false},
    {"global_accuracy", "accuracy", true},
    {"concept_mass", "concept mass", true},
    {"concept_nll", "concept NLL", false},
    {"concept_perplexity", "concept perplexity", false},
    // Geometry (paper section 5.1).
    {"intra_similarity", "intra-concept cosine", true},
    {"inter_similarity", "inter-concept cosine", false},
    {"clustering_score", "clustering score", true},
    {"centroid_similarity", "centroid similarity", false},
    // Multiple choice, as lm-evaluation-harness names them.
    {"acc", "accuracy", true},
    {"acc_norm", "length-normalised accuracy", true},
};

/// The metric with that name; nothing for an unknown one.
constexpr std::optional<Metric> metric_named(std::string_view name) {
  for (const Metric& metric : kMetrics)
    if (metric.name == name) return metric;
  return std::nullopt;
}

}  // namespace conceptune::evaluation
