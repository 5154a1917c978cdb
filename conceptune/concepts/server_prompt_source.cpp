#include "conceptune/concepts/server_prompt_source.h"

#include "conceptune/base/hash.h"
#include "conceptune/concepts/prompt_answer.h"

namespace conceptune::concepts {

ServerPromptSource::ServerPromptSource(std::shared_ptr<servers::ModelServer> server,
                                       const PromptOptions& options, int max_synonyms)
    : server_(std::move(server)),
      options_{options.max_new_tokens, options.repetition_penalty},
      template_(prompt_template_of(options)),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {
  server_->check_answers({});
}

Json ServerPromptSource::made_from() const {
  return {{"prompt", sha256_hex(template_.text())}, {"prompt_server", server_->model().identity}};
}

Outcomes ServerPromptSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  std::vector<std::string> prompts;
  std::vector<std::pair<std::size_t, std::size_t>> asked;  // draft and word of each prompt
  for (std::size_t d = 0; d < drafts.size(); ++d)
    for (std::size_t w = 0; w < drafts[d].record.words.size(); ++w) {
      ++outcomes.asked;
      if (drafts[d].candidates[w].empty()) {
        ++outcomes.refused;
        continue;
      }
      prompts.push_back(
          prompt_text(template_, drafts[d].record.words[w], drafts[d].record.text, drafts[d].candidates[w]));
      asked.emplace_back(d, w);
    }
  const auto answers = server_->answers(prompts, options_, std::move(stop));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto [d, w] = asked[i];
    if (answers[i].failure.empty()) {
      take_answer({answers[i].text, answers[i].is_cut_off}, drafts[d].candidates[w], max_synonyms_,
                  drafts[d].record.words[w], outcomes);
    } else {
      ++outcomes.refused;
      ++outcomes.failures[answers[i].failure];
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
