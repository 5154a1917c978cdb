#include "conceptune/concepts/yes_no_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/concepts/model_answers.h"
#include "conceptune/concepts/prompt_thought.h"
#include "conceptune/concepts/substitution.h"
#include "conceptune/runtime/generation/logit_chunk.h"

namespace conceptune::concepts {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::size_t kTokensAtOnce = 4096;

std::int32_t answer_token(const tokenizer::Tokenizer& tokenizer, const std::string& answer) {
  const Ids ids = tokenizer.encode_ids(answer);
  if (ids.size() != 1)
    throw InputError("preparing questions", "model",
                     fmt::format("'{}' is {} of its tokens, expected one", answer, ids.size()));
  return ids.front();
}

constexpr const char* kYes = "Yes";
constexpr const char* kNo = "No";

}  // namespace

/// One content word with a prompt for each word of its pool.
struct YesNoSource::Question {
  Draft* draft;
  std::size_t word;
  std::vector<PoolWord> pool;
  std::vector<Ids> prompts;  // none where one is too long for the model
  std::size_t shared = 0;    // tokens that all prompts begin with
  std::vector<double> log_odds;
};

YesNoSource::YesNoSource(const generation::LanguageModel& asked, PoolFinder pools,
                         const YesNoOptions& options, int max_synonyms)
    : model_(asked),
      tokenizer_(yes_no_tokenizer(asked.tokenizer())),
      pools_(std::move(pools)),
      options_(options),
      template_(yes_no_template_of(options)),
      yes_(answer_token(*tokenizer_, kYes)),
      no_(answer_token(*tokenizer_, kNo)),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {
  model_.decoder();
}

Json YesNoSource::made_from() const {
  return {{"wordnet", pools_.wordnet().hash()}, {"prompt", sha256_hex(template_.text())}};
}

YesNoSource::Question YesNoSource::question_of(Draft& draft, std::size_t word) const {
  Question question{&draft, word, pools_.pool_of(draft, word), {}, 0, {}};
  const std::string& target = draft.record.words[word].word;
  for (const auto& one : question.pool) {
    Ids ids = chat_prompt(*tokenizer_, template_.fill(target, draft.record.text, one.text)).ids;
    if (std::cmp_greater(ids.size(), model_.config().context_length)) {
      question.prompts.clear();
      break;
    }
    question.prompts.push_back(std::move(ids));
  }
  question.shared = common_prefix(question.prompts);
  return question;
}

void YesNoSource::answer(std::span<Question> questions) const {
  std::vector<Ids> texts;
  std::vector<Substitute> endings;
  for (const auto& question : questions) {
    if (question.prompts.empty()) continue;
    const auto shared = static_cast<std::ptrdiff_t>(question.shared);
    const auto text = static_cast<std::int32_t>(texts.size());
    const Ids& first = question.prompts.front();
    texts.emplace_back(first.begin(), first.begin() + std::max<std::ptrdiff_t>(shared, 1));
    for (const auto& ids : question.prompts)
      endings.push_back({static_cast<std::int32_t>(shared), Ids(ids.begin() + shared, ids.end()), text});
  }
  if (texts.empty()) return;
  SharedTexts run(model_.decoder(), texts);
  const SubstitutedStates states = run.substitute(endings);
  std::vector<std::int64_t> last;
  for (std::size_t e = 0; e < endings.size(); ++e) last.push_back(states.starts[e + 1] - 1);
  std::vector<double> log_odds;
  generation::for_each_logit_chunk(model_.decoder(),
                                   model::rows_of(states.states_MD, std::span<const std::int64_t>(last)),
                                   [&](const generation::LogitChunk& chunk) {
                                     for (std::int64_t row = chunk.begin(); row < chunk.end(); ++row)
                                       log_odds.push_back(chunk.nll(row, no_) - chunk.nll(row, yes_));
                                   });
  auto next = log_odds.begin();
  for (auto& question : questions) {
    const auto end = next + std::ssize(question.prompts);
    question.log_odds.assign(next, end);
    next = end;
  }
}

void YesNoSource::take(const Question& question, Outcomes& outcomes) const {
  ++outcomes.asked;
  if (question.prompts.size() < question.pool.size()) {
    ++outcomes.refused;
    question.draft->candidate_failures[question.word] = "the question is longer than the model's context";
    return;
  }
  auto& synonyms = question.draft->record.words[question.word].synonyms;
  for (std::size_t i = 0; i < question.pool.size(); ++i)
    if (question.log_odds[i] >= options_.least_log_odds)
      synonyms.push_back({question.pool[i].ids, question.pool[i].text, question.log_odds[i]});
  std::ranges::stable_sort(synonyms, std::greater(), &Synonym::score);
  if (synonyms.size() > max_synonyms_) synonyms.resize(max_synonyms_);
  ++(synonyms.empty() ? outcomes.empty : outcomes.answered);
}

Outcomes YesNoSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  std::vector<Question> questions;
  std::size_t tokens = 0;
  const auto finish = [&] {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    answer(questions);
    for (const auto& question : questions) take(question, outcomes);
    questions.clear();
    tokens = 0;
  };
  for (auto& draft : drafts)
    for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
      const Question& question = questions.emplace_back(question_of(draft, i));
      tokens += question.shared;
      for (const auto& prompt : question.prompts) tokens += prompt.size() - question.shared;
      if (tokens >= kTokensAtOnce) finish();
    }
  finish();
  return outcomes;
}

std::shared_ptr<const tokenizer::Tokenizer> yes_no_tokenizer(
    const std::shared_ptr<const tokenizer::Tokenizer>& of_model) {
  auto tokenizer = without_thinking(of_model);
  check_chat_template(*tokenizer);
  answer_token(*tokenizer, kYes);
  answer_token(*tokenizer, kNo);
  if (chat_prompt(*tokenizer, "").in_thought)
    throw InputError("preparing questions", "model",
                     "it thinks before it answers, expected one that begins with its answer");
  return tokenizer;
}

PromptTemplate yes_no_template_of(const YesNoOptions& options) {
  return options.template_file.empty() ? PromptTemplate::yes_no()
                                       : PromptTemplate(options.template_file, PromptTask::yes_no);
}

}  // namespace conceptune::concepts
