#include "conceptune/concepts/word_places.h"

#include <algorithm>
#include <cctype>

#include "conceptune/base/utf8.h"

namespace conceptune::concepts {
namespace {

bool is_part_of_word(unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80; }

/// Where the next word is likely to begin: token positions interpolated between the last place found and the
/// end of the text.
std::size_t likely_begin(const ConceptRecord& record, const ConceptWord& word, std::size_t token,
                         std::size_t byte) {
  const auto tokens = static_cast<double>(std::max<std::size_t>(record.ids.size() - token, 1));
  const auto bytes = static_cast<double>(record.text.size() - byte);
  return byte + static_cast<std::size_t>(bytes * static_cast<double>(word.position - token) / tokens);
}

/// The whole-word occurrence from byte `from` on that begins nearest to `likely`.
BytePlace nearest_occurrence(const std::string& text, const std::string& word, std::size_t from,
                             std::size_t likely) {
  BytePlace nearest{text.size(), text.size()};
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

std::vector<BytePlace> byte_places(const ConceptRecord& record) {
  std::vector<BytePlace> places;
  std::size_t byte = 0;
  std::uint32_t character = 0;
  const auto byte_of = [&](std::uint32_t sought) {
    for (; character < sought; ++character) byte += code_point_at(record.text, byte).size;
    return byte;
  };
  for (const auto& word : record.words) {
    if (word.span == tokenizer::Span{}) {
      places.push_back({record.text.size(), record.text.size()});
    } else {
      const std::size_t begin = byte_of(word.span.begin);
      places.push_back({begin, byte_of(word.span.end)});
    }
  }
  return places;
}

void locate_words(ConceptRecord& record) {
  const auto character_of = code_point_index_of_bytes(record.text);
  std::size_t byte = 0, token = 0;
  for (auto& word : record.words) {
    // A token has at least one byte.
    const std::size_t from = std::min(byte + (word.position - token), record.text.size());
    const std::size_t likely = likely_begin(record, word, token, byte);
    const BytePlace place = nearest_occurrence(record.text, word.word, from, likely);
    if (place.begin == place.end) continue;
    word.span = {character_of[place.begin], character_of[place.end]};
    byte = place.end;
    token = word.position + 1;
  }
}

}  // namespace conceptune::concepts
