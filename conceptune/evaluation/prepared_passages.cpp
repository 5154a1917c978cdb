#include "conceptune/evaluation/prepared_passages.h"

#include <fmt/format.h>

#include <algorithm>

namespace conceptune::evaluation {
namespace {

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
    if (token > 0)
      passage.words.push_back({token, concept_ids(record.ids.at(word.position), word), word.word});
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

}  // namespace conceptune::evaluation
