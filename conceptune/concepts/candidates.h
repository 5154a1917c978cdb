// Candidates: the words that a model expects at a content word's place (paper, section 3.1).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "conceptune/concepts/candidate_source.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/servers/server_options.h"

namespace conceptune::concepts {

struct CandidateOptions {
  int count = 200;
  servers::ServerOptions server;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("count", count, "Most probable next tokens to look at for each content word", at_least(1));
    visit("server", server, "A server that gives the candidates instead of a model here");
  }
};

/// The text of a token that is a space and letters, without the space; empty for any other token.
std::string word_of_token(const tokenizer::Tokenizer& tokenizer, std::int32_t id);

/// The words that tokens can stand for as candidates: word_of_token() of every id below `vocabulary`.
std::vector<std::string> candidate_words(const tokenizer::Tokenizer& tokenizer, std::size_t vocabulary);

/// Adds the token's word unless it stands for none or for `word` itself.
void add_candidate(std::int32_t id, double log_prob, const std::vector<std::string>& words_of_tokens,
                   const std::string& word, Candidates& candidates);

/// The most probable next tokens before a word that are a space and letters.
class CandidateFinder : public CandidateSource {
 public:
  /// Throws InputError when the tokenizer has more tokens than the model.
  CandidateFinder(const generation::LanguageModel& model, const CandidateOptions& options);

  /// A word that nothing precedes has none, nor have those of a record that, with its begin token, is longer
  /// than the model's context, which is the reason given. One forward pass over all records.
  void find(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  bool fits(const ConceptRecord& record) const;

  generation::LanguageModel model_;
  CandidateOptions options_;
  std::vector<std::string> words_;  // by token id; empty for tokens that cannot be candidates
};

}  // namespace conceptune::concepts
