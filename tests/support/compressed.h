// Compressed bytes for tests, made by libarchive.
#pragma once

#include <string>
#include <string_view>

namespace conceptune::test {

/// The compressions that the readers take: "gzip", "zstd", "xz", "bzip2", "lzip".
inline constexpr const char* kCompressions[] = {"gzip", "zstd", "xz", "bzip2", "lzip"};

/// `content` as one stream of a compression.
std::string compressed(std::string_view content, const std::string& compression);

}  // namespace conceptune::test
