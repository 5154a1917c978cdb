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
  std::string_view meaning;  // part of a sentence
};

inline constexpr Metric kMetrics[] = {
    // Human similarity (paper section 4.1).
    {"spearman", "Spearman", true, MeasuredOn::pairs,
     "rank correlation of the cosine of two texts' embeddings with people's scores of their similarity"},
    {"pearson", "Pearson", true, MeasuredOn::pairs,
     "linear correlation of these cosines with people's scores"},
    {"kendall", "Kendall tau-b", true, MeasuredOn::pairs,
     "tau-b of these cosines with people's scores: pairs of pairs in the same order, less those in the "
     "other"},
    // Next token (paper sections 4.2 and 4.3, appendix C).
    {"content_nll", "content-word NLL", false, MeasuredOn::passages,
     "mean −log p of the content words of held-out passages, in nats"},
    {"content_perplexity", "content-word perplexity", false, MeasuredOn::passages,
     "the exponential of the content words' mean −log p"},
    {"content_accuracy", "content-word accuracy", true, MeasuredOn::passages,
     "share of the content words that are the model's first choice"},
    {"global_nll", "NLL", false, MeasuredOn::passages,
     "mean −log p of all tokens of held-out passages, in nats"},
    {"global_perplexity", "perplexity", false, MeasuredOn::passages,
     "the exponential of all tokens' mean −log p; it rewards the very word that stands in the text"},
    {"global_accuracy", "accuracy", true, MeasuredOn::passages,
     "share of all tokens that are the model's first choice"},
    {"concept_mass", "concept mass", true, MeasuredOn::passages,
     "mean probability of a content word together with its synonyms"},
    {"concept_nll", "concept NLL", false, MeasuredOn::passages,
     "mean −log of the probability of a content word together with its synonyms, in nats"},
    {"concept_perplexity", "concept perplexity", false, MeasuredOn::passages,
     "the exponential of the concepts' mean −log p"},
    // Geometry (paper section 5.1).
    {"intra_similarity", "intra-concept cosine", true, MeasuredOn::concepts,
     "mean cosine of the hidden states of a word and its synonyms in the same place"},
    {"inter_similarity", "inter-concept cosine", false, MeasuredOn::concepts,
     "mean cosine of the hidden states of words of different concepts"},
    {"clustering_score", "clustering score", true, MeasuredOn::concepts,
     "the cosine within concepts less the cosine between them"},
    {"centroid_similarity", "centroid similarity", false, MeasuredOn::concepts,
     "mean cosine of the concepts' centroids"},
    // Multiple choice, as lm-evaluation-harness names them.
    {"acc", "accuracy", true, MeasuredOn::questions,
     "share of the questions whose right answer is the likeliest"},
    {"acc_norm", "length-normalised accuracy", true, MeasuredOn::questions,
     "share of the questions whose right answer is the likeliest for its length"},
};

/// The metric with that name; nothing for an unknown one.
constexpr std::optional<Metric> metric_named(std::string_view name) {
  for (const Metric& metric : kMetrics)
    if (metric.name == name) return metric;
  return std::nullopt;
}

}  // namespace conceptune::evaluation
