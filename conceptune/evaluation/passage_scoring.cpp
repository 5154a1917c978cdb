// Shapes: N tokens of a batch, M of them whose next token is scored, D width.
#include "conceptune/evaluation/passage_scoring.h"

#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/runtime/generation/logit_chunk.h"

namespace conceptune::evaluation {
namespace {

double round_to_six_decimals(double value) { return std::round(value * 1e6) / 1e6; }

/// One content word's place among the scored rows.
struct WordPlace {
  std::int64_t row;  // the one that predicts it
  const PreparedPassages::Word* word;
  ContentScore* score;
};

/// A batch of passages and where what comes of its rows goes.
struct PassageBatch {
  struct Concept {
    const std::string* id;
    std::vector<std::int64_t> rows;  // of the batch, the word's own first
  };
  model::PackedBatch packed;
  std::vector<std::int64_t> row_M;  // of the batch
  std::vector<std::int32_t> target_M;
  std::vector<PassageScores*> passage_M;
  std::vector<WordPlace> words;
  std::vector<Concept> concepts;
};

void append_passage(PassageBatch& batch, const PreparedPassages::Passage& passage, PassageScores& scores) {
  const std::int64_t begin = batch.packed.size();
  const auto first_row = static_cast<std::int64_t>(batch.row_M.size());
  batch.packed.append(passage.ids);
  for (std::size_t i = 0; i + 1 < passage.ids.size(); ++i) {
    batch.row_M.push_back(begin + static_cast<std::int64_t>(i));
    batch.target_M.push_back(passage.ids[i + 1]);
    batch.passage_M.push_back(&scores);
  }
  scores.id = passage.id;
  scores.content.resize(passage.words.size());
  for (std::size_t w = 0; w < passage.words.size(); ++w) {
    const auto& word = passage.words[w];
    scores.content[w] = {
        .token = word.token - 1, .has_synonyms = word.concept_ids.size() > 1, .concept_nll = 0};
    batch.words.push_back({first_row + word.token - 1, &word, &scores.content[w]});
  }
}

/// Adds the synonyms of a word of the passage added last.
void append_variation(PassageBatch& batch, const ConceptVariation& variation, const std::string& id) {
  const std::int64_t begin = batch.packed.starts[batch.packed.sequences() - 1];
  batch.concepts.push_back({&id, {begin + variation.token}});
  PassageBatch::Concept& entry = batch.concepts.back();
  for (const auto& synonym : std::span(variation.variants).subspan(1)) {
    entry.rows.push_back(batch.packed.size());
    batch.packed.append_branch(static_cast<std::int32_t>(variation.token), {&synonym, 1});
  }
}

model::Matrix rows_of(const model::Matrix& hidden_ND, const std::vector<std::int64_t>& rows) {
  return model::rows_of(hidden_ND, std::span<const std::int64_t>(rows));
}

void score_chunk(const generation::LogitChunk& chunk, const PassageBatch& batch) {
  for (std::int64_t row = chunk.begin(); row < chunk.end(); ++row) {
    const std::int32_t target = batch.target_M[row];
    batch.passage_M[row]->nll.push_back(round_to_six_decimals(chunk.nll(row, target)));
    batch.passage_M[row]->correct.push_back(chunk.is_best(row, target) ? 1 : 0);
  }
  for (const WordPlace& place : batch.words) {
    if (place.row < chunk.begin() || place.row >= chunk.end()) continue;
    double mass = 0;
    for (const auto id : place.word->concept_ids) mass += std::exp(-chunk.nll(place.row, id));
    place.score->concept_nll = round_to_six_decimals(-std::log(mass));
  }
}

void run_batch(const model::Decoder& decoder, const model::LoraAdapter* adapter, const PassageBatch& batch,
               std::vector<ConceptStates>& concepts) {
  const model::Matrix hidden_ND = decoder.forward(batch.packed, adapter);
  generation::for_each_logit_chunk(decoder, rows_of(hidden_ND, batch.row_M),
                                   [&](const generation::LogitChunk& chunk) { score_chunk(chunk, batch); });
  for (const auto& [id, rows] : batch.concepts)
    concepts.push_back(concept_states(*id, rows_of(hidden_ND, rows)));
}

}  // namespace

PassageResults run_passages(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                            const PreparedPassages& prepared, std::span<const ConceptVariation> variations,
                            int tokens_per_batch, ProgressObserver* observer, std::stop_token stop) {
  const auto& passages = prepared.passages;
  PassageResults results{std::vector<PassageScores>(passages.size()), {}};
  Progress progress(observer, "scoring passages", static_cast<std::int64_t>(passages.size()), "passages");
  auto variation = variations.begin();
  for (std::size_t next = 0; next < passages.size();) {
    if (stop.stop_requested()) throw Interrupted("scoring passages: stopped");
    PassageBatch batch;
    const std::size_t first = next;
    do {
      append_passage(batch, passages[next], results.scores[next]);
      for (; variation != variations.end() && variation->passage == next; ++variation)
        append_variation(batch, *variation, passages[next].id);
      ++next;
    } while (next < passages.size() &&
             batch.packed.size() + std::ssize(passages[next].ids) <= tokens_per_batch);
    run_batch(decoder, adapter, batch, results.concepts);
    progress.add(static_cast<std::int64_t>(next - first));
  }
  return results;
}

}  // namespace conceptune::evaluation
