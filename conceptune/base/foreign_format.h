// Files that are given where text is expected and are none: told by their first bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace conceptune {

struct ForeignFormat {
  std::string_view name;    // "a Parquet file"
  std::string_view advice;  // what to do about it
};

/// How many first bytes foreign_format() wants to see.
inline constexpr std::size_t kForeignMagicBytes = 512;

/// What begins with these bytes, if it is known and not UTF-8 text: text in UTF-16 or UTF-32 (by its mark),
/// tables, archives, compressions that are not read, documents, and the pointers that Git LFS leaves.
std::optional<ForeignFormat> foreign_format(std::string_view first_bytes);

/// Whether these are the first bytes of a tar archive.
bool is_tar(std::string_view first_bytes);

}  // namespace conceptune
