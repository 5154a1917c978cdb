// Candidates from a model behind a server.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/concepts/candidates.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/servers/model_server.h"

namespace conceptune::concepts {

/// The same candidates as CandidateFinder's, if the same model is served.
class ServerCandidates : public CandidateSource {
 public:
  /// Checks that the server gives `options.count` tokens with ids of this tokenizer. Throws as
  /// ModelServer::check_scores.
  ServerCandidates(std::shared_ptr<servers::ModelServer> server,
                   std::shared_ptr<const tokenizer::Tokenizer> tokenizer, const CandidateOptions& options,
                   std::stop_token stop);

  /// Fills in the drafts' candidates, and where a request failed, why. Throws as ModelServer::top_tokens.
  void find(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  std::shared_ptr<servers::ModelServer> server_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  int count_;
  std::vector<std::string> words_;  // by token id; empty for tokens that cannot be candidates
};

}  // namespace conceptune::concepts
