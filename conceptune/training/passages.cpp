#include "conceptune/training/passages.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace conceptune::training {
namespace {

bool has_token(const std::vector<ConceptToken>& tokens, std::int32_t id) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const ConceptToken& token) { return token.id == id; });
}

/// The set's tokens: the word, unless left out, and the first synonyms that count.
std::vector<ConceptToken> concept_tokens(const concepts::ConceptWord& word, std::int32_t word_id,
                                         const PassageOptions& options) {
  std::vector<ConceptToken> tokens;
  if (options.word_in_set) tokens.push_back({word_id});
  std::int64_t left = options.batch.synonyms;
  for (const auto& synonym : word.synonyms) {
    if (left == 0) break;
    if (synonym.ids.size() > 1 && options.batch.multi_token_synonyms == MultiTokenSynonyms::skip) continue;
    if (has_token(tokens, synonym.ids.front())) continue;
    tokens.push_back({synonym.ids.front()});
    --left;
  }
  return tokens;
}

std::vector<std::int32_t> single_token_ids(const concepts::ConceptWord& word) {
  std::vector<std::int32_t> ids;
  for (const auto& synonym : word.synonyms)
    if (synonym.ids.size() == 1) ids.push_back(synonym.ids.front());
  return ids;
}

}  // namespace

TrainingPassage prepare_passage(const concepts::ConceptRecord& record, const PassageOptions& options) {
  TrainingPassage passage;
  if (options.begin_token) passage.tokens.push_back(*options.begin_token);
  const auto shift = static_cast<std::int64_t>(passage.tokens.size());
  const auto length =
      std::min<std::int64_t>(static_cast<std::int64_t>(record.ids.size()) + shift, options.batch.max_length);
  passage.tokens.insert(passage.tokens.end(), record.ids.begin(), record.ids.begin() + (length - shift));
  for (const auto& word : record.words) {
    const std::int64_t position = word.position + shift;
    if (position == 0) continue;
    if (position >= length) break;
    auto tokens = concept_tokens(word, record.ids[word.position], options);
    if (!tokens.empty()) passage.words.push_back({static_cast<std::int32_t>(position), std::move(tokens)});
  }
  return passage;
}

concepts::ConceptRecord swap_synonyms(concepts::ConceptRecord record, Random& random) {
  for (auto& word : record.words) {
    const std::vector<std::int32_t> ids = single_token_ids(word);
    if (ids.empty()) continue;
    const std::int32_t original = record.ids[word.position];
    const std::int32_t chosen = ids[random.below(ids.size())];
    record.ids[word.position] = chosen;
    for (auto& synonym : word.synonyms)
      if (synonym.ids.size() == 1 && synonym.ids.front() == chosen) synonym.ids.front() = original;
  }
  return record;
}

std::pair<std::vector<std::size_t>, std::vector<std::size_t>> split_passages(std::size_t passages,
                                                                             double validation_share,
                                                                             std::uint64_t seed) {
  std::vector<std::size_t> order(passages);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed, "validation split");
  random.shuffle(order);
  auto validation = static_cast<std::size_t>(std::llround(validation_share * static_cast<double>(passages)));
  if (validation_share > 0 && passages >= 2)
    validation = std::clamp<std::size_t>(validation, 1, passages - 1);
  const auto middle = order.end() - static_cast<std::ptrdiff_t>(validation);
  std::sort(order.begin(), middle);
  std::sort(middle, order.end());
  return {{order.begin(), middle}, {middle, order.end()}};
}

TrainingBatch make_batch(std::span<const TrainingPassage> passages, std::span<const std::size_t> indices) {
  TrainingBatch batch;
  Targets& targets = batch.targets;
  for (const std::size_t index : indices) {
    const TrainingPassage& passage = passages[index];
    const std::int64_t begin = batch.packed.size();
    const auto first_row = static_cast<std::int64_t>(targets.rows.size());
    batch.packed.append(passage.tokens);
    for (std::size_t i = 1; i < passage.tokens.size(); ++i) {
      targets.rows.push_back(begin + static_cast<std::int64_t>(i) - 1);
      targets.next_tokens.push_back(passage.tokens[i]);
    }
    for (const auto& word : passage.words)
      targets.concepts.push_back({first_row + word.position - 1, word.tokens});
  }
  return batch;
}

}  // namespace conceptune::training
