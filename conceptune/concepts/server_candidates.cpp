#include "conceptune/concepts/server_candidates.h"

namespace conceptune::concepts {
namespace {

/// Which words of a record can be asked for (nothing precedes the first token without a begin token), and
/// the question for them.
struct RecordQuestion {
  servers::ScoreQuestion question;
  std::vector<std::size_t> words;
};

RecordQuestion question_of(const ConceptRecord& record, const tokenizer::Tokenizer& tokenizer) {
  RecordQuestion asked;
  asked.question.ids = tokenizer.with_begin(record.ids);
  const auto shift = static_cast<std::int64_t>(tokenizer.leading_tokens());
  for (std::size_t i = 0; i < record.words.size(); ++i) {
    const auto position = static_cast<std::int64_t>(record.words[i].position) + shift;
    if (position == 0) continue;
    asked.question.positions.push_back(position);
    asked.words.push_back(i);
  }
  return asked;
}

}  // namespace

ServerCandidates::ServerCandidates(std::shared_ptr<servers::ModelServer> server,
                                   std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                                   const CandidateOptions& options, std::stop_token stop)
    : server_(std::move(server)),
      tokenizer_(std::move(tokenizer)),
      count_(options.count),
      words_(candidate_words(*tokenizer_, tokenizer_->size())) {
  const auto encode = [this](const std::string& text) { return tokenizer_->encode_ids(text); };
  server_->check_scores(count_, {encode, tokenizer_->begin_token().value_or(-1)}, std::move(stop));
}

void ServerCandidates::find(std::span<Draft> drafts, std::stop_token stop) const {
  std::vector<RecordQuestion> asked;
  std::vector<servers::ScoreQuestion> questions;
  for (const auto& draft : drafts) {
    asked.push_back(question_of(draft.record, *tokenizer_));
    questions.push_back(asked.back().question);
  }
  const auto scores = server_->top_tokens(questions, count_, std::move(stop));
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    drafts[d].candidates.assign(drafts[d].record.words.size(), {});
    for (std::size_t k = 0; k < scores[d].size(); ++k) {
      const std::size_t w = asked[d].words[k];
      if (!scores[d][k].failure.empty()) drafts[d].candidate_failures[w] = scores[d][k].failure;
      const auto& [ids, log_probs] = scores[d][k].top;
      for (std::size_t i = 0; i < ids.size(); ++i)
        add_candidate(ids[i], log_probs[i], words_, drafts[d].record.words[w].word, drafts[d].candidates[w]);
    }
  }
}

}  // namespace conceptune::concepts
