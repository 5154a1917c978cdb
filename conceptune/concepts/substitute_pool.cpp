#include "conceptune/concepts/substitute_pool.h"

#include <algorithm>

#include "conceptune/base/ascii_case.h"

namespace conceptune::concepts {
namespace {

class Pool {
 public:
  Pool(const ConceptWord& word, std::size_t most) : word_(word), most_(most) {}

  bool is_full() const { return words_.size() >= most_; }
  bool takes(const std::string& text) const {
    const auto same = [&](const PoolWord& other) { return equal_ignoring_case(other.text, text); };
    return !text.empty() && !is_full() && !equal_ignoring_case(text, word_.word) &&
           std::ranges::none_of(words_, same);
  }
  void add(PoolWord word) { words_.push_back(std::move(word)); }
  std::vector<PoolWord> take() { return std::move(words_); }

 private:
  const ConceptWord& word_;
  std::size_t most_;
  std::vector<PoolWord> words_;
};

}  // namespace

std::vector<PoolWord> substitute_pool(const ConceptWord& word, WordForm form, const Candidates& candidates,
                                      const WordNetNeighbours& near, const WordNet& wordnet,
                                      const tokenizer::Tokenizer& tokenizer, std::size_t most) {
  Pool pool(word, most);
  for (const auto& neighbour : near.synsets)
    for (const auto& base : wordnet.words(neighbour.synset)) {
      if (pool.is_full()) return pool.take();
      if (near.is_own(base)) continue;
      const std::string text = inflected(wordnet, base, word.pos, form);
      if (pool.takes(text))
        pool.add({text, tokenizer.encode_ids(" " + text), neighbour.distance, neighbour.sense});
    }
  for (const auto& candidate : candidates) {
    const auto forms = wordnet.base_forms(candidate.text, word.pos);
    const bool is_own =
        std::ranges::any_of(forms, [&](const std::string& base) { return near.is_own(base); });
    if (!forms.empty() && !is_own && pool.takes(candidate.text))
      pool.add({candidate.text, {candidate.id}, kUnrelated, 0});
  }
  return pool.take();
}

PoolFinder::PoolFinder(std::shared_ptr<const WordNet> wordnet, WordNetOptions options, SubstitutePool from,
                       int most, std::shared_ptr<const tokenizer::Tokenizer> tokenizer)
    : wordnet_(std::move(wordnet)),
      options_(std::move(options)),
      from_(from),
      most_(static_cast<std::size_t>(most)),
      tokenizer_(std::move(tokenizer)) {}

std::vector<PoolWord> PoolFinder::pool_of(const Draft& draft, std::size_t i) const {
  const ConceptWord& word = draft.record.words[i];
  WordNetNeighbours near = neighbours_of(*wordnet_, word.word, word.pos, options_);
  if (from_ == SubstitutePool::candidates) near.synsets.clear();
  static const Candidates kNone;
  const Candidates& candidates = from_ == SubstitutePool::wordnet ? kNone : draft.candidates[i];
  return substitute_pool(word, form_of(draft, i), candidates, near, *wordnet_, *tokenizer_, most_);
}

}  // namespace conceptune::concepts
