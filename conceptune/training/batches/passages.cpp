#include "conceptune/training/batches/passages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

using Ids = std::vector<std::int32_t>;

bool begins_with(const Ids& ids, const Ids& beginning) {
  return beginning.size() <= ids.size() && std::equal(beginning.begin(), beginning.end(), ids.begin());
}

/// The tokens that a synonym counts with; none when it does not.
Ids counted_ids(const concepts::Synonym& synonym, MultiTokenSynonyms several) {
  if (synonym.ids.size() == 1 || several == MultiTokenSynonyms::product) return synonym.ids;
  return several == MultiTokenSynonyms::first_token ? Ids{synonym.ids.front()} : Ids{};
}

void check_share(const concepts::ConceptRecord& record, const concepts::ConceptWord& word,
                 const concepts::Synonym& synonym) {
  if (synonym.score >= 0) return;
  throw InputError("reading training data", fmt::format("passage {}", record.id),
                   fmt::format("the score of '{}' for '{}' is {}, expected at least 0: the loss takes scores "
                               "as shares",
                               synonym.text, word.word, synonym.score));
}

/// The set: the word, or where random sets replace true ones one member more, and the first synonyms that
/// count.
PassageWord concept_set(const concepts::ConceptRecord& record, const concepts::ConceptWord& word,
                        const PassageOptions& options) {
  std::vector<CountedSynonym> set;
  if (options.word_in_set) set.push_back({{record.ids[word.position]}});
  const std::size_t largest = 1 + static_cast<std::size_t>(options.batch.synonyms);
  for (const auto& synonym : word.synonyms) {
    if (set.size() == largest) break;
    const Ids ids = counted_ids(synonym, options.batch.multi_token_synonyms);
    const auto within = [&](const CountedSynonym& other) { return begins_with(ids, other.ids); };
    if (ids.empty() || std::any_of(set.begin(), set.end(), within)) continue;
    std::erase_if(set, [&](const CountedSynonym& other) { return begins_with(other.ids, ids); });
    if (options.takes_scores) check_share(record, word, synonym);
    set.push_back({ids, synonym.score});
  }
  PassageWord made{0, {}};
  for (CountedSynonym& member : set) {
    if (member.ids.size() == 1)
      made.tokens.push_back({.id = member.ids.front(), .score = member.score});
    else
      made.longer.push_back(std::move(member));
  }
  return made;
}

/// Leaves out the longer synonyms that there is no room for.
void limit_longer(TrainingPassage& passage, std::int64_t room) {
  std::size_t ranks = 0;
  for (const auto& word : passage.words) ranks = std::max(ranks, word.longer.size());
  std::vector<std::vector<CountedSynonym>> kept(passage.words.size());
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    for (std::size_t w = 0; w < passage.words.size(); ++w) {
      if (rank >= passage.words[w].longer.size()) continue;
      CountedSynonym& synonym = passage.words[w].longer[rank];
      const auto tokens = static_cast<std::int64_t>(synonym.ids.size()) - 1;
      if (tokens > room) {
        ++passage.dropped;
        continue;
      }
      room -= tokens;
      kept[w].push_back(std::move(synonym));
    }
  }
  for (std::size_t w = 0; w < kept.size(); ++w) passage.words[w].longer = std::move(kept[w]);
  std::erase_if(passage.words,
                [](const PassageWord& word) { return word.tokens.empty() && word.longer.empty(); });
}

std::vector<std::int32_t> single_token_ids(const concepts::ConceptWord& word) {
  std::vector<std::int32_t> ids;
  for (const auto& synonym : word.synonyms)
    if (synonym.ids.size() == 1) ids.push_back(synonym.ids.front());
  return ids;
}

/// Adds a longer synonym to the last concept target, its tokens but the last as a branch.
void append_longer(std::int32_t position, const CountedSynonym& synonym, TrainingBatch& batch) {
  const Ids& ids = synonym.ids;
  auto& further = batch.targets.further;
  const std::size_t further_begin = further.size();
  const std::int64_t first_row = batch.packed.size();
  batch.packed.append_branch(position, std::span(ids).first(ids.size() - 1));
  for (std::size_t i = 1; i < ids.size(); ++i)
    further.push_back({first_row + static_cast<std::int64_t>(i) - 1, ids[i]});
  batch.targets.concepts.back().tokens.push_back({ids.front(), further_begin, further.size(), synonym.score});
}

}  // namespace

std::int64_t TrainingPassage::synonym_tokens() const {
  std::int64_t count = 0;
  for (const auto& word : words)
    for (const auto& synonym : word.longer) count += static_cast<std::int64_t>(synonym.ids.size()) - 1;
  return count;
}

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
    passage.words.push_back(concept_set(record, word, options));
    passage.words.back().position = static_cast<std::int32_t>(position);
  }
  limit_longer(passage, options.batch.synonym_tokens);
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

Json describe_passages(std::span<const TrainingPassage> passages) {
  std::size_t tokens = 0, words = 0, single = 0, longer = 0;
  std::int64_t synonym_tokens = 0, dropped = 0;
  for (const auto& passage : passages) {
    tokens += passage.tokens.size();
    words += passage.words.size();
    for (const auto& word : passage.words) {
      single += word.tokens.size();
      longer += word.longer.size();
    }
    synonym_tokens += passage.synonym_tokens();
    dropped += passage.dropped;
  }
  return {{"passages", passages.size()},
          {"tokens", tokens},
          {"content_words", words},
          {"single_token_members", single},
          {"multi_token_synonyms", longer},
          {"multi_token_synonym_tokens", synonym_tokens},
          {"multi_token_synonyms_dropped", dropped}};
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
    for (const auto& word : passage.words) {
      targets.concepts.push_back({first_row + word.position - 1, word.tokens});
      for (const auto& synonym : word.longer) append_longer(word.position, synonym, batch);
    }
  }
  return batch;
}

void draw_for_epoch(std::span<const TrainingPassage> passages, std::span<const std::size_t> indices,
                    std::uint64_t seed, std::int64_t epoch, Targets& targets) {
  auto target = targets.concepts.begin();
  for (const std::size_t index : indices) {
    Random random(seed, fmt::format("synonyms of epoch {}, passage {}", epoch, index));
    for (std::size_t w = 0; w < passages[index].words.size(); ++w) (target++)->draw = random.uniform();
  }
}

}  // namespace conceptune::training
