#include "conceptune/concepts/server_answers.h"

#include <utility>

namespace conceptune::concepts {

ServerAnswers::ServerAnswers(std::shared_ptr<servers::ModelServer> server, const PromptOptions& options)
    : server_(std::move(server)), options_{options.max_new_tokens, options.repetition_penalty} {
  server_->check_answers({});
}

Json ServerAnswers::made_from() const { return {{"prompt_server", server_->model().identity}}; }

std::vector<ModelAnswer> ServerAnswers::answers(std::span<const std::vector<std::string>> groups,
                                                std::stop_token stop) const {
  std::vector<std::string> prompts;
  for (const auto& group : groups) prompts.insert(prompts.end(), group.begin(), group.end());
  std::vector<ModelAnswer> answers;
  for (auto& answer : server_->answers(prompts, options_, std::move(stop)))
    answers.push_back({.text = std::move(answer.text),
                       .is_cut_off = answer.is_cut_off,
                       .is_refused = !answer.failure.empty(),
                       .failure = std::move(answer.failure)});
  return answers;
}

}  // namespace conceptune::concepts
