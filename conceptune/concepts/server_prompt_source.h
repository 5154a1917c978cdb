// Concepts by asking an instruct model behind a server.
#pragma once

#include <memory>
#include <span>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/prompt_source.h"
#include "conceptune/concepts/prompt_template.h"
#include "conceptune/servers/model_server.h"

namespace conceptune::concepts {

/// PromptSource's questions put to a server, which applies its own chat template. A word whose request failed
/// is refused, for the reason that is counted in Outcomes::failures.
class ServerPromptSource : public ConceptSource {
 public:
  /// Throws InputError for an unusable template, and as ModelServer::check_answers.
  ServerPromptSource(std::shared_ptr<servers::ModelServer> server, const PromptOptions& options,
                     int max_synonyms);

  bool needs_candidates() const override { return true; }
  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  std::shared_ptr<servers::ModelServer> server_;
  servers::AnswerOptions options_;
  PromptTemplate template_;
  std::size_t max_synonyms_;
};

}  // namespace conceptune::concepts
