// The compressions that files are read through.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "conceptune/base/byte_source.h"

namespace conceptune {

enum class Compression { none, gzip, zstd, xz, bzip2, lzip };

/// How many of a stream's first bytes tell its compression.
inline constexpr std::size_t kCompressionMagicBytes = 10;
Compression compression_of(std::string_view first_bytes);

/// Reads `input`, which begins with a stream of `compression` (not none), decompressed.
std::unique_ptr<ByteSource> make_decompressor(Compression compression, std::unique_ptr<ByteSource> input,
                                              const std::string& where, std::string_view doing);

/// The part of make_decompressor() that goes through libarchive: xz, bzip2 and lzip.
std::unique_ptr<ByteSource> make_archive_filter(std::unique_ptr<ByteSource> input, const std::string& where,
                                                std::string_view doing);

}  // namespace conceptune
