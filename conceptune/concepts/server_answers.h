// Answers of an instruct model behind a server.
#pragma once

#include <memory>

#include "conceptune/concepts/answer_source.h"
#include "conceptune/concepts/prompt_options.h"
#include "conceptune/servers/model_server.h"

namespace conceptune::concepts {

/// The server applies its own chat template.
class ServerAnswers : public AnswerSource {
 public:
  /// Throws as ModelServer::check_answers.
  ServerAnswers(std::shared_ptr<servers::ModelServer> server, const PromptOptions& options);

  /// What the server serves.
  Json made_from() const override;
  std::vector<ModelAnswer> answers(std::span<const std::vector<std::string>> groups,
                                   std::stop_token stop) const override;

 private:
  std::shared_ptr<servers::ModelServer> server_;
  servers::AnswerOptions options_;
};

}  // namespace conceptune::concepts
