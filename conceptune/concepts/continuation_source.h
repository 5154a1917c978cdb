// Concepts from a wide pool that a model judges by what its words do to the text around them.
#pragma once

#include <memory>
#include <optional>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/substitute_judge.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/generation/language_model.h"

namespace conceptune::concepts {

struct ContinuationOptions {
  SubstitutePool pool = SubstitutePool::wordnet;
  int words = 100;
  int shortlist = 20;
  int following = 1;
  SubstituteOrder order = SubstituteOrder::fitted;
  double least_probability = 0.25;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("pool", pool,
          "Words to judge: WordNet's, those of the model's candidates that WordNet knows, or both");
    visit("words", words, "Words of the pool at most", at_least(1));
    visit("shortlist", shortlist,
          "Words of the pool that are run in the text: the best by a first look, at WordNet and at what the "
          "model "
          "says of the word alone; 0 for all",
          at_least(0));
    visit("following", following,
          "Tokens behind the word by which it is judged: 0 for what precedes it alone, -1 for all the rest",
          at_least(-1));
    visit(
        "order", order,
        "What orders the words: continuation (log p of the word and of the tokens behind it), likeness (the "
        "embedding source's cosine), or fitted, which weighs both, WordNet's distance and the senses' "
        "frequency "
        "as fits people's choices");
    visit("least_probability", least_probability,
          "With fitted: how probable it must be that a tenth of people accept a word", between(0, 1));
  }
};

/// Judges a pool and keeps the best. The model runs the passages once, and behind them each word of the
/// shortlists with the tokens that follow; words whose place leaves no room for them in the model's context
/// are refused.
class ContinuationSource : public ConceptSource {
 public:
  ContinuationSource(const generation::LanguageModel& model, std::shared_ptr<const WordNet> wordnet,
                     const WordNetOptions& wordnet_options, const ContinuationOptions& options,
                     int max_synonyms);

  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

  /// The shortlist of a word, with what the model says; nothing for a word that cannot be judged.
  using Judged = std::optional<std::vector<JudgedWord>>;
  /// Of each word of each draft. Throws Interrupted when asked to stop.
  std::vector<std::vector<Judged>> judge(std::span<const Draft> drafts, const std::stop_token& stop) const;

 private:
  std::optional<JudgedPlace> place_of(const Draft& draft, std::size_t word) const;
  std::vector<Synonym> chosen(const std::vector<JudgedWord>& judged) const;

  generation::LanguageModel model_;
  PoolFinder pools_;
  ContinuationOptions options_;
  std::size_t max_synonyms_;
};

}  // namespace conceptune::concepts
