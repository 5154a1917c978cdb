// Concepts from WordNet: sets that people made, by themselves or choosing among a model's candidates.
#pragma once

#include <memory>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/inflection.h"
#include "conceptune/concepts/wordnet_neighbours.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::concepts {

/// With candidates: those that share a synset with the word, or whose synset is related to one of the word's,
/// in the candidates' order; the score is the model's probability. Without: the words of those synsets,
/// nearest first, then by frequency of the sense, in the content word's own form (inflected()) where its tag
/// is known; the score is 1 / (1 + steps). Both words count as the part of speech of the content word, in any
/// inflection.
class WordNetSource : public ConceptSource {
 public:
  WordNetSource(std::shared_ptr<const WordNet> wordnet, std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                const WordNetOptions& options, int max_synonyms);

  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  std::vector<Synonym> choose(const ConceptWord& word, const WordNetNeighbours& near,
                              const Candidates& candidates) const;
  std::vector<Synonym> list(const ConceptWord& word, const WordNetNeighbours& near, WordForm form) const;

  std::shared_ptr<const WordNet> wordnet_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  WordNetOptions options_;
  std::size_t max_synonyms_;
};

}  // namespace conceptune::concepts
