// spaCy's string ids (spacy/strings.pyx) and the rows that thinc's HashEmbed derives from them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace conceptune::words {

inline constexpr std::size_t kReservedSymbols = 457;
extern const std::array<std::string_view, kReservedSymbols> kReservedSymbolNames;

/// Id of a string: 0 for "", its number for a reserved symbol, else MurmurHash64A of its bytes with seed 1.
std::uint64_t string_id(std::string_view text);

/// The four keys of an id for the embedding table with that seed; the row of each is key mod rows
/// (MurmurHash3_x64_128 of the id's 8 bytes, cut into four words).
std::array<std::uint32_t, 4> embedding_keys(std::uint64_t id, std::uint32_t seed);

}  // namespace conceptune::words
