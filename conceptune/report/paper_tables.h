// The numbers of the paper's Tables 1 to 6 (appendices C and H), for comparison with one's own.
#pragma once

#include <span>
#include <string_view>

namespace conceptune::report {

/// What a model of the paper was trained with; next_token is concept weight 0.
enum class PaperMethod { base, next_token, concepts, noise };

struct PaperBounds {
  double low;
  double high;
};

/// Tables 1 and 2: 95 % paired bootstrap intervals of adapter minus base on content words. A star marks an
/// interval that contains 0.
struct PaperInterval {
  std::string_view model;
  std::string_view trained_on;
  std::string_view evaluated_on;
  double concept_weight;
  PaperBounds accuracy;
  bool accuracy_starred;
  PaperBounds nll;
  bool nll_starred;
};

/// Tables 3 (trained on C4) and 5 (OpenWebText): Spearman correlation with human judgement.
struct PaperSimilarity {
  std::string_view model;
  std::string_view trained_on;
  PaperMethod method;
  double concept_weight;  // 0 for the base
  double men, simlex, wordsim, stsb;
};

/// Tables 4 (trained on C4) and 6 (OpenWebText): clustering score, and perplexity and accuracy of content
/// words in the domain trained on and out of it.
struct PaperNextToken {
  std::string_view model;
  std::string_view trained_on;
  PaperMethod method;
  double concept_weight;  // 0 for the base
  double clustering_score;
  double in_domain_perplexity, out_of_domain_perplexity;
  double in_domain_accuracy, out_of_domain_accuracy;
};

std::span<const PaperInterval> paper_intervals();
std::span<const PaperSimilarity> paper_similarities();
std::span<const PaperNextToken> paper_next_tokens();

}  // namespace conceptune::report
