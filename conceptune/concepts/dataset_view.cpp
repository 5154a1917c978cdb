#include "conceptune/concepts/dataset_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace conceptune::concepts {
namespace {

bool is_part_of_word(unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80; }

Emphasis emphasis_of(const ConceptWord& word) {
  return word.synonyms.empty() ? Emphasis::pale : Emphasis::strong;
}

/// "  word (NOUN): synonym, synonym".
MarkedLine set_line(const ConceptWord& word) {
  std::string list;
  for (const auto& synonym : word.synonyms) list += (list.empty() ? "" : ", ") + synonym.text;
  return {{"  "}, {word.word, emphasis_of(word)}, {fmt::format(" ({}): {}", words::name_of(word.pos), list)}};
}

/// Where the next word is likely to begin: token positions interpolated between the last place found and the
/// end of the text.
std::size_t likely_begin(const ConceptRecord& record, const ConceptWord& word, std::size_t token,
                         std::size_t byte) {
  const auto tokens = static_cast<double>(std::max<std::size_t>(record.ids.size() - token, 1));
  const auto bytes = static_cast<double>(record.text.size() - byte);
  return byte + static_cast<std::size_t>(bytes * static_cast<double>(word.position - token) / tokens);
}

/// The whole-word occurrence from byte `from` on that begins nearest to `likely`.
WordPlace nearest_occurrence(const std::string& text, const std::string& word, std::size_t from,
                             std::size_t likely) {
  WordPlace nearest{text.size(), text.size()};
  std::size_t distance = std::string::npos;
  for (std::size_t at = text.find(word, from); at != std::string::npos && !word.empty();
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_part_of_word(static_cast<unsigned char>(text[at - 1]));
    const bool ends = end == text.size() || !is_part_of_word(static_cast<unsigned char>(text[end]));
    const std::size_t away = at > likely ? at - likely : likely - at;
    if (!begins || !ends || away >= distance) continue;
    nearest = {at, end};
    distance = away;
  }
  return nearest;
}

}  // namespace

std::vector<WordPlace> locate_words(const ConceptRecord& record) {
  std::vector<WordPlace> places;
  std::size_t byte = 0, token = 0;
  for (const auto& word : record.words) {
    // A token has at least one byte.
    const std::size_t from = std::min(byte + (word.position - token), record.text.size());
    const std::size_t likely = likely_begin(record, word, token, byte);
    const WordPlace place = nearest_occurrence(record.text, word.word, from, likely);
    if (place.begin < place.end) {
      byte = place.end;
      token = word.position + 1;
    }
    places.push_back(place);
  }
  return places;
}

std::vector<MarkedLine> marked_record(const ConceptRecord& record) {
  const auto places = locate_words(record);
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
