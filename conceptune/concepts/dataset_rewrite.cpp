#include "conceptune/concepts/dataset_rewrite.h"

#include <algorithm>
#include <span>
#include <utility>

#include "conceptune/base/random.h"

namespace conceptune::concepts {

Json made_by(std::string_view operation, Json options, const std::vector<const DatasetReader*>& inputs) {
  Json of = Json::array();
  for (const auto* input : inputs)
    of.push_back({{"source", input->card().source}, {"made_from", input->card().made_from}});
  return {{"operation", operation}, {"options", std::move(options)}, {"of", std::move(of)}};
}

std::vector<ConceptWord> drawn_words(const ConceptRecord& record, std::uint64_t seed) {
  std::vector<ConceptWord> words = record.words;
  Random(seed, record.id).shuffle(words);
  return words;
}

void keep_drawn_words(ConceptRecord& record, std::uint64_t seed, std::size_t count) {
  auto words = drawn_words(record, seed);
  words.resize(std::min(count, words.size()));
  std::ranges::sort(words, {}, &ConceptWord::position);
  record.words = std::move(words);
}

DatasetStatistics rewrite_dataset(const std::filesystem::path& input, const Destination& output,
                                  std::string_view operation, Json options,
                                  const std::function<bool(ConceptRecord&)>& change, bool word_in_set) {
  DatasetReader reader(input);
  DatasetCard card = reader.card();
  card.made_from = made_by(operation, std::move(options), {&reader});
  card.word_in_set = card.word_in_set && word_in_set;
  DatasetWriter writer(output, card, std::span(&input, 1));
  for (ConceptRecord record; reader.next(record);)
    if (change(record)) writer.write(record);
  return writer.commit();
}

}  // namespace conceptune::concepts
