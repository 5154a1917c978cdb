#include "conceptune/runtime/tokenizer/nfc.h"

#include <utf8proc.h>

#include <algorithm>

#include "conceptune/base/utf8.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::uint16_t kNone = UINT16_MAX;

struct WeighedCharacter {
  std::int32_t value;
  std::uint32_t weight;  // original characters that it stands for
};

int combining_class(std::int32_t character) { return utf8proc_get_property(character)->combining_class; }

/// True when the character can neither change nor meet another in composition.
bool is_inert(char32_t character) {
  if (character < 0x300) return true;                            // nothing below combines backwards
  if (character >= 0x1100 && character <= 0x11ff) return false;  // Hangul letters compose by rule
  const auto* property = utf8proc_get_property(static_cast<std::int32_t>(character));
  return property->combining_class == 0 && property->decomp_seqindex == kNone &&
         property->comb_index == kNone;
}

/// Canonical decomposition, marks in canonical order.
std::vector<WeighedCharacter> decompose(std::string_view text) {
  std::vector<WeighedCharacter> characters;
  for (std::size_t i = 0; i < text.size();) {
    const auto [value, size] = code_point_at(text, i);
    i += size;
    std::int32_t parts[8];  // a canonical decomposition has at most four
    int boundary = 0;
    const auto count = utf8proc_decompose_char(
        static_cast<std::int32_t>(value), parts, std::size(parts),
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE), &boundary);
    for (utf8proc_ssize_t k = 0; k < count; ++k) characters.push_back({parts[k], k == 0 ? 1U : 0U});
  }
  for (auto run = characters.begin(); run != characters.end();) {
    const auto is_starter = [](const WeighedCharacter& c) { return combining_class(c.value) == 0; };
    const auto begin = std::find_if_not(run, characters.end(), is_starter);
    run = std::find_if(begin, characters.end(), is_starter);
    std::ranges::stable_sort(begin, run, {},
                             [](const WeighedCharacter& c) { return combining_class(c.value); });
  }
  return characters;
}

/// The character that two compose to, or -1.
std::int32_t composition(std::int32_t first, std::int32_t second) {
  std::int32_t pair[2] = {first, second};
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  return utf8proc_normalize_utf32(pair, 2, options) == 1 ? pair[0] : -1;
}

/// Canonical composition (Unicode standard, section 3.11, D117), in place.
void compose(std::vector<WeighedCharacter>& characters) {
  std::size_t kept = 0;
  std::size_t starter = SIZE_MAX;
  int last_class = 0;  // of the last character kept since the starter; 0: none
  for (const auto character : characters) {
    const int its_class = combining_class(character.value);
    const bool blocked = starter == SIZE_MAX || (kept - 1 != starter && last_class >= its_class);
    if (!blocked) {
      const auto composed = composition(characters[starter].value, character.value);
      if (composed >= 0) {
        characters[starter].value = composed;
        characters[starter].weight += character.weight;
        continue;
      }
    }
    if (its_class == 0) starter = kept;
    last_class = its_class;
    characters[kept++] = character;
  }
  characters.resize(kept);
}

}  // namespace

std::optional<NormalizedText> normalize_nfc(std::string_view text) {
  bool all_inert = true;
  for (std::size_t i = 0; i < text.size() && all_inert;) {
    const auto [value, size] = code_point_at(text, i);
    all_inert = is_inert(value);
    i += size;
  }
  if (all_inert) return std::nullopt;
  auto characters = decompose(text);
  compose(characters);
  NormalizedText normalized;
  normalized.text.reserve(text.size());
  normalized.source.reserve(characters.size());
  std::uint32_t used = 0;
  for (const auto& [value, weight] : characters) {
    append_utf8(normalized.text, static_cast<char32_t>(value));
    normalized.source.push_back(weight > 0 ? used : used - std::min(used, 1U));
    used += weight;
  }
  return normalized;
}

}  // namespace conceptune::tokenizer
