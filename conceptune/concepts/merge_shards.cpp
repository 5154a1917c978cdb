// Shards of one annotation joined to the whole.
#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/concepts/counts.h"
#include "conceptune/concepts/operations.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "merging shards";

/// The shard's number, checked against how many there are.
std::size_t index_of(const Json& made_from, const fs::path& path, std::size_t count) {
  const auto shard = made_from.find("shard");
  if (shard == made_from.end()) throw InputError(kDoing, path.string(), "not a shard of an annotation");
  try {
    const auto index = shard->at("index").get<std::size_t>();
    if (shard->at("count").get<std::size_t>() != count || index >= count)
      throw InputError(kDoing, path.string(),
                       fmt::format("one of {} shards, {} are given", shard->at("count").dump(), count));
    return index;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(kDoing, path.string(), error.what());
  }
}

}  // namespace

DatasetStatistics merge_shards(const std::vector<fs::path>& shards, const Destination& output) {
  if (shards.empty()) throw InputError(kDoing, output.path.string(), "no shards, expected at least one");
  std::vector<fs::path> in_order(shards.size());
  DatasetCard whole;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    DatasetCard card = DatasetReader(shards[i]).card();
    const std::size_t index = index_of(card.made_from, shards[i], shards.size());
    if (!in_order[index].empty()) throw InputError(kDoing, shards[i].string(), "the same shard twice");
    in_order[index] = shards[i];
    card.made_from.erase("shard");
    if (i > 0 && (card.made_from != whole.made_from || card.tokenizer_hash != whole.tokenizer_hash))
      throw InputError(kDoing, shards[i].string(),
                       fmt::format("made of other passages, models or options than {}", shards[0].string()));
    Json outcomes = i == 0 ? Json::object() : std::move(whole.outcomes);
    add_counts(outcomes, card.outcomes);
    whole = std::move(card);
    whole.outcomes = std::move(outcomes);
  }
  DatasetWriter writer(output, whole, shards);
  for (const auto& path : in_order) {
    DatasetReader reader(path);
    for (ConceptRecord record; reader.next(record);) writer.write(record);
  }
  return writer.commit();
}

}  // namespace conceptune::concepts
