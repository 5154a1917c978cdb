// Candidates: the words that a model expects at a content word's place (paper, section 3.1).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "conceptune/options/option_fields.h"
#include "conceptune/concepts/candidate.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/servers/server_options.h"

namespace conceptune::model {
class Decoder;
}

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

class CandidateFinder {
 public:
  /// Throws InputError when the tokenizer has more tokens than the model.
  CandidateFinder(std::shared_ptr<const model::Decoder> decoder,
                  std::shared_ptr<const tokenizer::Tokenizer> tokenizer, const CandidateOptions& options);

  /// Whether the record, with its begin token, is within the model's context.
  bool fits(const ConceptRecord& record) const;

  /// For each record the candidates of each of its words: the model's most probable next tokens before the
  /// word that are a space and letters, the word itself left out. A word that nothing precedes has none, nor
  /// have those of a record that does not fit. One forward pass over all records.
  std::vector<std::vector<Candidates>> find(std::span<const ConceptRecord> records) const;

 private:
  std::shared_ptr<const model::Decoder> decoder_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  CandidateOptions options_;
  std::vector<std::string> words_;  // by token id; empty for tokens that cannot be candidates
};

}  // namespace conceptune::concepts
