// Concepts from a wide pool that a model judges by what its words do to the text around them.
#pragma once

#include <memory>
#include <optional>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/substitute_pool.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/generation/language_model.h"

namespace conceptune::concepts {

/// What a pool is ordered by; see substitute_score().
enum class SubstituteOrder { fitted, continuation, likeness };

/// Where a pool's words come from.
enum class SubstitutePool { wordnet, candidates, both };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::SubstituteOrder>
    conceptune::enum_names<conceptune::concepts::SubstituteOrder>[] = {
        {"fitted", conceptune::concepts::SubstituteOrder::fitted},
        {"continuation", conceptune::concepts::SubstituteOrder::continuation},
        {"likeness", conceptune::concepts::SubstituteOrder::likeness}};

template <>
inline constexpr std::pair<const char*, conceptune::concepts::SubstitutePool>
    conceptune::enum_names<conceptune::concepts::SubstitutePool>[] = {
        {"wordnet", conceptune::concepts::SubstitutePool::wordnet},
        {"candidates", conceptune::concepts::SubstitutePool::candidates},
        {"both", conceptune::concepts::SubstitutePool::both}};

namespace conceptune::concepts {

struct ContinuationOptions {
  SubstitutePool pool = SubstitutePool::wordnet;
  int words = 60;
  int following = 4;
  SubstituteOrder order = SubstituteOrder::fitted;
  double least_probability = 0.25;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("pool", pool,
          "Words to judge: WordNet's, those of the model's candidates that WordNet knows, or both");
    visit("words", words, "Words of the pool to judge at most", at_least(1));
    visit("following", following,
          "Tokens behind the word by which it is judged: 0 for what precedes it alone, -1 for all the rest",
          at_least(-1));
    visit("order", order,
          "What orders the pool: continuation (log p of the word and of the tokens behind it), likeness (the "
          "embedding source's cosine), or fitted, which weighs both, WordNet's distance and the senses' "
          "frequency "
          "as fits people's choices");
    visit("least_probability", least_probability,
          "With fitted: how probable it must be that a tenth of people accept a word", between(0, 1));
  }
};

/// What is known of a word of the pool in its place. Differences are to the content word itself.
struct SubstituteFacts {
  int steps = 0, sense = 0;   // PoolWord's
  double word = 0;            // log p behind what precedes, less the content word's
  double following = 0;       // log p of what follows, less what it is behind the content word
  double likeness = 1;        // cosine of the final states at the word
  double likeness_after = 1;  // mean of it over three tokens behind
  double association = 0;     // log p behind 'Synonyms of "WORD": WORD,'
};

/// By order: the probability that a tenth of people accept the word, by a logistic model that
/// bench/studies/fit_substitutes.py fitted to SWORDS dev; `word` + `following`; or `likeness`.
double substitute_score(const SubstituteFacts& facts, SubstituteOrder order);

/// Judges a pool and keeps the best. The model runs a passage once, and behind it each word of a pool with
/// the tokens that follow; words whose place leaves no room for them in the model's context are refused.
class ContinuationSource : public ConceptSource {
 public:
  ContinuationSource(const generation::LanguageModel& model, std::shared_ptr<const WordNet> wordnet,
                     const WordNetOptions& wordnet_options, const ContinuationOptions& options,
                     int max_synonyms);

  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

  struct JudgedWord {
    PoolWord word;
    SubstituteFacts facts;
  };
  /// The pool of each word of a draft with what the model says; nothing for a word that cannot be judged.
  std::vector<std::optional<std::vector<JudgedWord>>> judge(const Draft& draft) const;

 private:
  struct Place;

  std::vector<PoolWord> pool_of(const Draft& draft, std::size_t word) const;
  void judge_together(std::span<const std::int32_t> ids, std::span<Place> places) const;
  void associate(Place& place) const;
  std::vector<Synonym> chosen(const std::vector<JudgedWord>& judged) const;

  generation::LanguageModel model_;
  std::shared_ptr<const WordNet> wordnet_;
  WordNetOptions wordnet_options_;
  ContinuationOptions options_;
  std::size_t max_synonyms_;
};

}  // namespace conceptune::concepts
