// Shapes: N tokens of the batch, D width, P positions asked for, K candidates.
#include "conceptune/concepts/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/generation/top_k.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::concepts {
namespace {

/// Where the drafts' words are predicted in the packed batch; a word that nothing precedes is not.
struct PackedWords {
  model::PackedBatch batch;
  std::vector<std::int64_t> rows;
  std::vector<std::pair<Draft*, std::size_t>> words;  // of each row
};

PackedWords pack(std::span<Draft* const> drafts, const tokenizer::Tokenizer& tokenizer) {
  PackedWords packed;
  const std::size_t leading = tokenizer.leading_tokens();
  for (Draft* draft : drafts) {
    const auto ids = tokenizer.with_begin(draft->record.ids);
    const std::int64_t first_row = packed.batch.size() + static_cast<std::int64_t>(leading) - 1;
    if (!ids.empty()) packed.batch.append(ids);
    for (std::size_t word = 0; word < draft->record.words.size(); ++word) {
      const auto position = draft->record.words[word].position;
      if (position + leading == 0) continue;
      packed.rows.push_back(first_row + position);
      packed.words.emplace_back(draft, word);
    }
  }
  return packed;
}

}  // namespace

std::string word_of_token(const tokenizer::Tokenizer& tokenizer, std::int32_t id) {
  if (tokenizer.is_special(id)) return {};
  const std::string& bytes = tokenizer.token_bytes(id);
  if (bytes.size() < 2 || bytes[0] != ' ' || first_invalid_utf8(bytes)) return {};
  const auto letters = decode_utf8(std::string_view(bytes).substr(1));
  return std::all_of(letters.begin(), letters.end(), python::is_alpha) ? bytes.substr(1) : std::string();
}

std::vector<std::string> candidate_words(const tokenizer::Tokenizer& tokenizer, std::size_t vocabulary) {
  std::vector<std::string> words(vocabulary);
  for (std::size_t id = 0; id < std::min(tokenizer.size(), vocabulary); ++id)
    words[id] = word_of_token(tokenizer, static_cast<std::int32_t>(id));
  return words;
}

void add_candidate(std::int32_t id, double log_prob, const std::vector<std::string>& words_of_tokens,
                   const std::string& word, Candidates& candidates) {
  const auto index = static_cast<std::size_t>(id);
  if (index >= words_of_tokens.size()) return;
  const std::string& text = words_of_tokens[index];
  if (!text.empty() && text != word) candidates.push_back({id, text, std::exp(log_prob)});
}

CandidateFinder::CandidateFinder(const generation::LanguageModel& model, const CandidateOptions& options)
    : model_(model), options_(options) {
  const auto vocabulary = model.decoder().config().vocabulary;
  if (static_cast<std::int64_t>(model.tokenizer()->size()) > vocabulary)
    throw InputError("finding candidates", "tokenizer",
                     fmt::format("{} tokens, the model has {}", model.tokenizer()->size(), vocabulary));
  options_.count = static_cast<int>(std::min<std::int64_t>(options_.count, vocabulary));
  words_ = candidate_words(*model.tokenizer(), static_cast<std::size_t>(vocabulary));
}

bool CandidateFinder::fits(const ConceptRecord& record) const {
  return std::cmp_less_equal(record.ids.size() + model_.tokenizer()->leading_tokens(),
                             model_.config().context_length);
}

void CandidateFinder::find(std::span<Draft> drafts, std::stop_token) const {
  std::vector<Draft*> fitting;
  for (auto& draft : drafts) {
    draft.candidates.assign(draft.record.words.size(), {});
    if (fits(draft.record)) {
      fitting.push_back(&draft);
      continue;
    }
    for (std::size_t word = 0; word < draft.record.words.size(); ++word)
      draft.candidate_failures[word] = "the passage is longer than the model's context";
  }
  const PackedWords packed = pack(fitting, *model_.tokenizer());
  if (packed.rows.empty()) return;
  const model::Matrix hidden_ND = model_.decoder().forward(packed.batch);
  const auto top = generation::top_k(model_.decoder(),
                                     model::rows_of(hidden_ND, std::span<const std::int64_t>(packed.rows)),
                                     options_.count);
  for (std::size_t row = 0; row < packed.words.size(); ++row) {
    const auto [draft, word] = packed.words[row];
    const std::int32_t* const ids = top.ids_PK.row(static_cast<std::int64_t>(row));
    const float* const log_probs = top.log_probs_PK.row(static_cast<std::int64_t>(row));
    for (std::int64_t k = 0; k < options_.count; ++k)
      add_candidate(ids[k], log_probs[k], words_, draft->record.words[word].word, draft->candidates[word]);
  }
}

}  // namespace conceptune::concepts
