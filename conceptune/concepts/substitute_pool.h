// The words that may stand in a content word's place, before a model has judged them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/inflection.h"
#include "conceptune/concepts/wordnet_neighbours.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::concepts {

/// Where a pool's words come from.
enum class SubstitutePool { wordnet, candidates, both };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::SubstitutePool>
    conceptune::enum_names<conceptune::concepts::SubstitutePool>[] = {
        {"wordnet", conceptune::concepts::SubstitutePool::wordnet},
        {"candidates", conceptune::concepts::SubstitutePool::candidates},
        {"both", conceptune::concepts::SubstitutePool::both}};

namespace conceptune::concepts {

struct PoolWord {
  std::string text;               // in the content word's form
  std::vector<std::int32_t> ids;  // of " text"
  int steps = 0;  // in WordNet, from the nearest sense of the content word; kUnrelated for none
  int sense = 0;  // which sense that is, 0 for the most frequent; 0 where there is none

  bool operator==(const PoolWord&) const = default;
};

/// Steps of a word that only the model proposes: one more than WordNet's relations reach by default and by
/// two.
inline constexpr int kUnrelated = 3;

/// WordNet's words in its order (WordNetNeighbours), inflected as the content word is, then the candidates
/// that have its part of speech in WordNet, in the model's order and in the form that they have; no
/// inflection of the word itself, none twice, `most` at most. `near` is of the word.
std::vector<PoolWord> substitute_pool(const ConceptWord& word, WordForm form, const Candidates& candidates,
                                      const WordNetNeighbours& near, const WordNet& wordnet,
                                      const tokenizer::Tokenizer& tokenizer, std::size_t most);

/// The pools of drafts' words.
class PoolFinder {
 public:
  /// Of `most` words at most, with ids of this tokenizer; WordNet's are those of the options.
  PoolFinder(std::shared_ptr<const WordNet> wordnet, WordNetOptions options, SubstitutePool from, int most,
             std::shared_ptr<const tokenizer::Tokenizer> tokenizer);

  std::vector<PoolWord> pool_of(const Draft& draft, std::size_t word) const;
  const WordNet& wordnet() const { return *wordnet_; }

 private:
  std::shared_ptr<const WordNet> wordnet_;
  WordNetOptions options_;
  SubstitutePool from_;
  std::size_t most_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
};

}  // namespace conceptune::concepts
