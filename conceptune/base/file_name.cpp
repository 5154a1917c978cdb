#include "conceptune/base/file_name.h"

#include <algorithm>
#include <cctype>

#include "conceptune/base/hash.h"

namespace conceptune {

std::string file_part(std::string_view name) {
  constexpr std::size_t kLongest = 57;
  constexpr std::size_t kDigits = 8;
  std::string part(name);
  std::replace_if(
      part.begin(), part.end(),
      [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_' && c != '.' && c != '='; }, '-');
  if (part.size() <= kLongest) return part;
  return part.substr(0, kLongest - kDigits - 1) + "-" + sha256_hex(name).substr(0, kDigits);
}

std::string file_label(const std::filesystem::path& path) {
  constexpr std::string_view kFormats[] = {".gguf", ".safetensors", ".json", ".jsonl", ".txt",
                                           ".csv",  ".tsv",         ".cor",  ".tar",   ".gz",
                                           ".zst",  ".xz",          ".bz2",  ".toml"};
  std::filesystem::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
  while (std::ranges::find(kFormats, name.extension().string()) != std::end(kFormats)) name = name.stem();
  return name.string();
}

}  // namespace conceptune
