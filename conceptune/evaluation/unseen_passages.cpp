#include "conceptune/evaluation/unseen_passages.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/corpus/passage.h"

namespace conceptune::evaluation {

UnseenPassages unseen_passages(std::span<const concepts::ConceptRecord> records,
                               std::span<const EvaluatedAdapter> adapters) {
  UnseenPassages passages;
  for (const auto& record : records) {
    const std::string id = corpus::passage_id(record.text);
    const auto by = std::ranges::find_if(
        adapters, [&](const EvaluatedAdapter& adapter) { return adapter.trained_on.contains(id); });
    if (by == adapters.end())
      passages.records.push_back(record);
    else
      passages.seen.push_back({record.id, fmt::format("'{}' was trained on it", by->name)});
  }
  return passages;
}

}  // namespace conceptune::evaluation
