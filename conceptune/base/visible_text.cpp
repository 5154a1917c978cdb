#include "conceptune/base/visible_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conceptune/base/utf8.h"

namespace conceptune {
namespace {

struct Range {
  char32_t first, last;
};

constexpr Range kObeyed[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c},
                             {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}};

bool is_obeyed(char32_t character) {
  return std::any_of(std::begin(kObeyed), std::end(kObeyed),
                     [=](const Range& range) { return character >= range.first && character <= range.last; });
}

void append_escape(std::string& shown, char32_t character) {
  if (character == '\n')
    shown += "\\n";
  else if (character == '\r')
    shown += "\\r";
  else if (character == '\t')
    shown += "\\t";
  else
    fmt::format_to(std::back_inserter(shown), "\\u{:04x}", static_cast<std::uint32_t>(character));
}

/// `text` is valid UTF-8.
void append_visible(std::string& shown, std::string_view text, bool keep_line_feeds) {
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint character = code_point_at(text, i);
    if (is_obeyed(character.value) && !(keep_line_feeds && character.value == '\n'))
      append_escape(shown, character.value);
    else
      shown += text.substr(i, character.size);
    i += character.size;
  }
}

std::string visible(std::string_view text, bool keep_line_feeds) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t valid = first_invalid_utf8(text).value_or(text.size());
    append_visible(shown, text.substr(0, valid), keep_line_feeds);
    text.remove_prefix(valid);
    if (text.empty()) break;
    fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned char>(text.front()));
    text.remove_prefix(1);
  }
  return shown;
}

}  // namespace

std::string visible_text(std::string_view text) { return visible(text, false); }

std::string visible_lines(std::string_view text) { return visible(text, true); }

}  // namespace conceptune
