// Shapes: N tokens of the batch, D width, P positions asked for, K candidates.
#include "conceptune/concepts/candidates.h"

#include "conceptune/torch_pch.h"

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

/// Where the records' words are predicted in the packed batch.
struct PackedWords {
  model::PackedBatch batch;
  std::vector<std::int64_t> rows;
};

PackedWords pack(std::span<const ConceptRecord* const> records, const tokenizer::Tokenizer& tokenizer) {
  PackedWords packed;
  std::vector<std::int32_t> begin;
  if (const auto token = tokenizer.begin_token()) begin.push_back(*token);
  for (const auto* shown : records) {
    const ConceptRecord& record = *shown;
    std::vector<std::int32_t> ids = begin;
    ids.insert(ids.end(), record.ids.begin(), record.ids.end());
    const std::int64_t first_row = packed.batch.size() + static_cast<std::int64_t>(begin.size()) - 1;
    if (!ids.empty()) packed.batch.append(ids);
    for (const auto& word : record.words)
      if (word.position + begin.size() > 0) packed.rows.push_back(first_row + word.position);
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

CandidateFinder::CandidateFinder(std::shared_ptr<const model::Decoder> decoder,
                                 std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                                 const CandidateOptions& options)
    : decoder_(std::move(decoder)), tokenizer_(std::move(tokenizer)), options_(options) {
  const auto vocabulary = decoder_->config().vocabulary;
  if (static_cast<std::int64_t>(tokenizer_->size()) > vocabulary)
    throw InputError("finding candidates", "tokenizer",
                     fmt::format("{} tokens, the model has {}", tokenizer_->size(), vocabulary));
  options_.count = static_cast<int>(std::min<std::int64_t>(options_.count, vocabulary));
  words_ = candidate_words(*tokenizer_, static_cast<std::size_t>(vocabulary));
}

bool CandidateFinder::fits(const ConceptRecord& record) const {
  const std::size_t begin = tokenizer_->begin_token() ? 1 : 0;
  return std::cmp_less_equal(record.ids.size() + begin, decoder_->config().context_length);
}

std::vector<std::vector<Candidates>> CandidateFinder::find(std::span<const ConceptRecord> records) const {
  std::vector<std::vector<Candidates>> found(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) found[i].resize(records[i].words.size());
  std::vector<const ConceptRecord*> fitting;
  for (const auto& record : records)
    if (fits(record)) fitting.push_back(&record);
  const PackedWords packed = pack(fitting, *tokenizer_);
  if (packed.rows.empty()) return found;
  const at::NoGradGuard no_grad;
  const at::Tensor hidden_ND = decoder_->forward(packed.batch);
  const at::Tensor rows_P = at::tensor(packed.rows, at::kLong).to(hidden_ND.device());
  const auto top = generation::top_k(*decoder_, hidden_ND.index_select(0, rows_P), options_.count);
  const at::Tensor ids_PK = top.ids_PK.cpu();
  const at::Tensor log_probs_PK = top.log_probs_PK.cpu();
  const auto ids = ids_PK.accessor<std::int32_t, 2>();
  const auto log_probs = log_probs_PK.accessor<float, 2>();
  const bool has_begin = tokenizer_->begin_token().has_value();
  std::int64_t row = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!fits(records[i])) continue;
    for (std::size_t w = 0; w < records[i].words.size(); ++w) {
      const ConceptWord& word = records[i].words[w];
      if (word.position == 0 && !has_begin) continue;
      for (std::int64_t k = 0; k < options_.count; ++k) {
        const std::string& text = words_[static_cast<std::size_t>(ids[row][k])];
        if (!text.empty() && text != word.word)
          found[i][w].push_back({ids[row][k], text, std::exp(static_cast<double>(log_probs[row][k]))});
      }
      ++row;
    }
  }
  return found;
}

}  // namespace conceptune::concepts
