#include "conceptune/concepts/dataset_view.h"

#include <fmt/format.h>

#include <utility>

#include "conceptune/concepts/word_places.h"

namespace conceptune::concepts {
namespace {

Emphasis emphasis_of(const ConceptWord& word) {
  return word.synonyms.empty() ? Emphasis::pale : Emphasis::strong;
}

/// "  word (NOUN): synonym, synonym".
MarkedLine set_line(const ConceptWord& word) {
  std::string list;
  for (const auto& synonym : word.synonyms) list += (list.empty() ? "" : ", ") + synonym.text;
  return {{"  "}, {word.word, emphasis_of(word)}, {fmt::format(" ({}): {}", words::name_of(word.pos), list)}};
}

}  // namespace

std::vector<MarkedLine> marked_record(const ConceptRecord& record) {
  const auto places = byte_places(record);
  std::vector<MarkedLine> lines(1);
  MarkedLine passage;
  std::size_t done = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const ConceptWord& word = record.words[i];
    const auto [begin, end] = places[i];
    if (begin < end) {
      passage.push_back({record.text.substr(done, begin - done)});
      passage.push_back({word.word, emphasis_of(word)});
      done = end;
    }
    if (!word.synonyms.empty()) lines.push_back(set_line(word));
  }
  passage.push_back({record.text.substr(done)});
  lines.front() = std::move(passage);
  return lines;
}

}  // namespace conceptune::concepts
