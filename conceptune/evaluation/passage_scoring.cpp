// Shapes: N tokens of a batch.
#include "conceptune/evaluation/passage_scoring.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/evaluation/logit_chunk.h"

namespace conceptune::evaluation {
namespace {

double round_to_six_decimals(double value) { return std::round(value * 1e6) / 1e6; }

/// One content word's place in a batch.
struct WordPlace {
  std::int64_t row;  // of the hidden states that predict it
  const PreparedPassages::Word* word;
  ContentScore* score;
};

/// A batch of passages and where the scores of its rows go.
struct ScoredBatch {
  model::PackedBatch batch;
  std::vector<std::int32_t> target_N;     // next token of every row; -1 after a passage's last
  std::vector<PassageScores*> passage_N;  // whose score a row makes
  std::vector<WordPlace> words;           // ascending by row
};

void append_passage(ScoredBatch& scored, const PreparedPassages::Passage& passage, PassageScores& scores) {
  const std::int64_t begin = scored.batch.size();
  scored.batch.append(passage.ids);
  for (std::size_t i = 0; i < passage.ids.size(); ++i) {
    scored.target_N.push_back(i + 1 < passage.ids.size() ? passage.ids[i + 1] : -1);
    scored.passage_N.push_back(&scores);
  }
  scores.id = passage.id;
  scores.content.resize(passage.words.size());
  for (std::size_t w = 0; w < passage.words.size(); ++w) {
    const auto& word = passage.words[w];
    scores.content[w] = {
        .token = word.token - 1, .has_synonyms = word.concept_ids.size() > 1, .concept_nll = 0};
    scored.words.push_back({begin + word.token - 1, &word, &scores.content[w]});
  }
}

void score_chunk(const LogitChunk& chunk, ScoredBatch& scored) {
  for (std::int64_t row = chunk.begin(); row < chunk.end(); ++row) {
    const std::int32_t target = scored.target_N[row];
    if (target < 0) continue;
    scored.passage_N[row]->nll.push_back(round_to_six_decimals(chunk.nll(row, target)));
    scored.passage_N[row]->correct.push_back(chunk.is_best(row, target) ? 1 : 0);
  }
  for (const WordPlace& place : scored.words) {
    if (place.row < chunk.begin() || place.row >= chunk.end()) continue;
    double mass = 0;
    for (const auto id : place.word->concept_ids) mass += std::exp(-chunk.nll(place.row, id));
    place.score->concept_nll = round_to_six_decimals(-std::log(mass));
  }
}

void score_batch(const model::Decoder& decoder, const model::LoraAdapter* adapter, ScoredBatch& scored) {
  for_each_logit_chunk(decoder, decoder.forward(scored.batch, adapter),
                       [&](const LogitChunk& chunk) { score_chunk(chunk, scored); });
}

std::vector<tokenizer::TokenId> concept_ids(tokenizer::TokenId word,
                                            const concepts::ConceptWord& content_word) {
  std::vector<tokenizer::TokenId> ids = {word};
  for (const auto& synonym : content_word.synonyms)
    if (synonym.ids.size() == 1 && std::find(ids.begin(), ids.end(), synonym.ids.front()) == ids.end())
      ids.push_back(synonym.ids.front());
  return ids;
}

PreparedPassages::Passage prepare(const concepts::ConceptRecord& record,
                                  std::optional<tokenizer::TokenId> begin) {
  PreparedPassages::Passage passage{.id = record.id, .ids = record.ids, .words = {}};
  if (begin) passage.ids.insert(passage.ids.begin(), *begin);
  for (const auto& word : record.words) {
    const std::uint32_t token = word.position + (begin ? 1 : 0);
    if (token > 0) passage.words.push_back({token, concept_ids(record.ids.at(word.position), word)});
  }
  std::sort(passage.words.begin(), passage.words.end(),
            [](const auto& a, const auto& b) { return a.token < b.token; });
  return passage;
}

}  // namespace

PreparedPassages prepare_passages(std::span<const concepts::ConceptRecord> records,
                                  std::optional<tokenizer::TokenId> begin_token, std::int64_t context_length,
                                  std::int64_t limit) {
  PreparedPassages prepared;
  if (limit > 0) records = records.first(std::min<std::size_t>(records.size(), limit));
  for (const auto& record : records) {
    PreparedPassages::Passage passage = prepare(record, begin_token);
    const auto size = static_cast<std::int64_t>(passage.ids.size());
    if (size > context_length)
      prepared.skipped.push_back(
          {record.id, fmt::format("{} tokens, the context holds {}", size, context_length)});
    else if (size < 2)
      prepared.skipped.push_back({record.id, "no token to predict"});
    else
      prepared.passages.push_back(std::move(passage));
  }
  return prepared;
}

std::vector<PassageScores> score_passages(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                          const PreparedPassages& prepared, int tokens_per_batch,
                                          ProgressObserver* observer, std::stop_token stop) {
  const at::NoGradGuard no_grad;
  std::vector<PassageScores> scores(prepared.passages.size());
  Progress progress(observer, "scoring passages", static_cast<std::int64_t>(scores.size()), "passages");
  for (std::size_t next = 0; next < scores.size();) {
    if (stop.stop_requested()) throw Interrupted("scoring passages: stopped");
    ScoredBatch scored;
    const std::size_t first = next;
    do {
      append_passage(scored, prepared.passages[next], scores[next]);
      ++next;
    } while (next < scores.size() &&
             scored.batch.size() + static_cast<std::int64_t>(prepared.passages[next].ids.size()) <=
                 tokens_per_batch);
    score_batch(decoder, adapter, scored);
    progress.add(static_cast<std::int64_t>(next - first));
  }
  return scores;
}

}  // namespace conceptune::evaluation
