// A passage: one text of the corpus, known by its content, and the files that passages are kept in.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::corpus {

/// Hexadecimal digits of an id.
inline constexpr std::size_t kPassageIdDigits = 16;

struct Passage {
  std::string id;  // the first digits of the text's SHA-256
  std::string text;

  bool operator==(const Passage&) const = default;
};

/// The id that belongs to a text.
std::string passage_id(std::string_view text);

/// A passage with its id. `text` is valid UTF-8.
Passage make_passage(std::string text);

/// Writes one JSON object a line, {"id": …, "text": …}; the file appears whole or not at all.
void write_passages(const std::filesystem::path& path, std::span<const Passage> passages);

/// Reads what write_passages wrote, and any JSON lines, or array of objects, with the key "text" (plain or
/// compressed). Throws InputError for malformed lines, invalid UTF-8, an id that is not the text's, and a
/// file without passages.
std::vector<Passage> read_passages(const std::filesystem::path& path);

}  // namespace conceptune::corpus
