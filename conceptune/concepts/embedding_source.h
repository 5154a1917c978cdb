// Concepts by substitution (the authors' released code): a candidate belongs to a word's concept when the
// model's representation hardly changes with it in the word's place.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/words/english/english_pipeline.h"

namespace conceptune::concepts {

struct EmbeddingOptions {
  int candidates = 100;
  double least_similarity = 0.75;
  bool match_part_of_speech = true;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("candidates", candidates, "Most probable candidates to try at most", at_least(1));
    visit("least_similarity", least_similarity, "Cosine of the hidden states from which a candidate counts",
          between(-1, 1));
    visit("match_part_of_speech", match_part_of_speech,
          "Keep only candidates whose part of speech, taken by themselves, is the word's");
  }
};

/// The synonyms are the candidates whose hidden state in the word's place, after the last layer and its norm,
/// is nearest to the word's own by cosine, which is their score.
class EmbeddingSource : public ConceptSource {
 public:
  EmbeddingSource(const generation::LanguageModel& model,
                  std::shared_ptr<const words::EnglishPipeline> pipeline, const EmbeddingOptions& options,
                  int max_synonyms);

  Json made_from() const override { return Json::object(); }
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  struct Trials;

  void fill_one(Draft& draft) const;
  Trials trials_of(const Draft& draft, std::int32_t leading_tokens) const;
  bool fits(const Candidate& candidate, const ConceptWord& word) const;
  words::PartOfSpeech part_of_speech(const std::string& text) const;

  generation::LanguageModel model_;
  std::shared_ptr<const words::EnglishPipeline> pipeline_;
  EmbeddingOptions options_;
  std::size_t max_synonyms_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, words::PartOfSpeech> parts_of_speech_;  // of words alone, as found so far
};

}  // namespace conceptune::concepts
