#include "conceptune/words/english/string_id.h"

#include <bit>
#include <cstring>
#include <unordered_map>

namespace conceptune::words {
namespace {

/// Austin Appleby's MurmurHash64A, as spaCy calls it.
std::uint64_t murmur_hash_64a(std::string_view bytes, std::uint64_t seed) {
  constexpr std::uint64_t kMultiplier = 0xC6A4A7935BD1E995;
  constexpr int kShift = 47;
  std::uint64_t hash = seed ^ (bytes.size() * kMultiplier);
  while (bytes.size() >= 8) {
    std::uint64_t block;
    std::memcpy(&block, bytes.data(), 8);
    bytes.remove_prefix(8);
    block *= kMultiplier;
    block ^= block >> kShift;
    block *= kMultiplier;
    hash ^= block;
    hash *= kMultiplier;
  }
  if (!bytes.empty()) {
    std::uint64_t tail = 0;
    std::memcpy(&tail, bytes.data(), bytes.size());
    hash ^= tail;
    hash *= kMultiplier;
  }
  hash ^= hash >> kShift;
  hash *= kMultiplier;
  hash ^= hash >> kShift;
  return hash;
}

static_assert(std::endian::native == std::endian::little, "blocks are read as little-endian numbers");

/// The finaliser of MurmurHash3.
std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 33U;
  hash *= 0xFF51AFD7ED558CCD;
  hash ^= hash >> 33U;
  hash *= 0xC4CEB9FE1A85EC53;
  hash ^= hash >> 33U;
  return hash;
}

const std::unordered_map<std::string_view, std::uint64_t>& reserved_symbols() {
  static const auto symbols = [] {
    std::unordered_map<std::string_view, std::uint64_t> map;
    for (std::size_t i = 0; i < kReservedSymbolNames.size(); ++i) map.emplace(kReservedSymbolNames[i], i);
    return map;
  }();
  return symbols;
}

}  // namespace

std::uint64_t string_id(std::string_view text) {
  constexpr std::uint64_t kSeed = 1;
  const auto symbol = reserved_symbols().find(text);
  return symbol == reserved_symbols().end() ? murmur_hash_64a(text, kSeed) : symbol->second;
}

std::array<std::uint32_t, 4> embedding_keys(std::uint64_t id, std::uint32_t seed) {
  constexpr std::uint64_t kBytes = 8;
  std::uint64_t h1 = std::rotl(id * 0x87C37B91114253D5, 31) * 0x4CF5AD432745937F;
  h1 ^= seed;
  h1 ^= kBytes;
  std::uint64_t h2 = seed ^ kBytes;
  h1 += h2;
  h2 += h1;
  h1 = mix(h1);
  h2 = mix(h2);
  h1 += h2;
  h2 += h1;
  return {static_cast<std::uint32_t>(h1), static_cast<std::uint32_t>(h1 >> 32U),
          static_cast<std::uint32_t>(h2), static_cast<std::uint32_t>(h2 >> 32U)};
}

}  // namespace conceptune::words
