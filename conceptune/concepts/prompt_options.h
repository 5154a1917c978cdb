// How an instruct model is asked for synonyms.
#pragma once

#include <filesystem>

#include "conceptune/concepts/prompt_template.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/servers/server_options.h"

namespace conceptune::concepts {

struct PromptOptions {
  std::filesystem::path model;
  PromptOrder order = PromptOrder::passage_first;
  std::filesystem::path template_file;
  int max_new_tokens = 20;
  double repetition_penalty = 1.1;
  servers::ServerOptions server;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("model", model, "Instruct model to ask; the model of the candidates when empty");
    visit("order", order, "Built-in prompt: the paper's, or with the passage first, which is faster");
    visit("template_file", template_file, "Prompt of one's own instead");
    visit("max_new_tokens", max_new_tokens, "Tokens of an answer at most", at_least(1));
    visit("repetition_penalty", repetition_penalty, "Penalty on tokens that are already there",
          between(1, 10));
    visit("server", server, "A server whose instruct model is asked instead of one here");
  }
};

}  // namespace conceptune::concepts
