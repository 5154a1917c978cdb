#include "conceptune/runtime/tokenizer/byte_pair_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/random.h"

namespace conceptune::tokenizer {
namespace {

using ::testing::ElementsAre;

/// Tokens a b c ab bc abc cc, merged in the order given.
Vocabulary small_vocabulary() {
  return {{"a", "b", "c", "ab", "bc", "abc", "cc"}, std::vector<TokenKind>(7, TokenKind::normal)};
}

std::vector<TokenId> encode(const BytePairEncoder& encoder, std::string_view piece) {
  std::vector<EncodedPart> parts;
  encoder.encode(piece, 0, parts);
  std::vector<TokenId> ids;
  for (const auto& part : parts) ids.push_back(part.id);
  return ids;
}

TEST(BytePairEncoder, MergesTheLowestRankFirst) {
  const auto vocabulary = small_vocabulary();
  const BytePairEncoder left_first(vocabulary, {{0, 1, 3}, {1, 2, 4}, {3, 2, 5}}, {});
  EXPECT_THAT(encode(left_first, "abc"), ElementsAre(5));
  const BytePairEncoder right_first(vocabulary, {{1, 2, 4}, {0, 1, 3}, {3, 2, 5}}, {});
  EXPECT_THAT(encode(right_first, "abc"), ElementsAre(0, 4));
}

TEST(BytePairEncoder, MergesTheLeftmostOfEqualRanks) {
  const auto vocabulary = small_vocabulary();
  const BytePairEncoder encoder(vocabulary, {{2, 2, 6}}, {});
  EXPECT_THAT(encode(encoder, "ccc"), ElementsAre(6, 2));
}

TEST(BytePairEncoder, LooksWholePiecesUpWhenAsked) {
  const auto vocabulary = small_vocabulary();
  const BytePairEncoder merging(vocabulary, {{1, 2, 4}}, {});
  EXPECT_THAT(encode(merging, "abc"), ElementsAre(0, 4));
  const BytePairEncoder looking(vocabulary, {{1, 2, 4}}, {.whole_pieces_first = true});
  EXPECT_THAT(encode(looking, "abc"), ElementsAre(5));
}

TEST(BytePairEncoder, LeavesUnknownBytesOut) {
  const auto vocabulary = small_vocabulary();
  const BytePairEncoder apart(vocabulary, {{0, 1, 3}}, {});
  EXPECT_THAT(encode(apart, "a?b"), ElementsAre(0, 1));
  const BytePairEncoder joined(vocabulary, {{0, 1, 3}}, {.skip_unknown_bytes = true});
  EXPECT_THAT(encode(joined, "a?b"), ElementsAre(3));
  EXPECT_THAT(encode(joined, "??"), ElementsAre());
}

TEST(BytePairEncoder, SaysWhichBytesATokenStandsFor) {
  const auto vocabulary = small_vocabulary();
  const BytePairEncoder encoder(vocabulary, {{0, 1, 3}}, {});
  std::vector<EncodedPart> parts;
  encoder.encode("c?ab", 10, parts);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1].begin, 12U);
  EXPECT_EQ(parts[1].end, 14U);
}

/// The definition: again and again the pair of lowest rank, the leftmost of equals.
std::vector<std::string> merge_plainly(std::string_view piece,
                                       const std::vector<std::string>& merged_in_order) {
  std::vector<std::string> parts;
  for (const char c : piece) parts.emplace_back(1, c);
  while (true) {
    std::size_t best = 0, best_rank = merged_in_order.size();
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto rank = static_cast<std::size_t>(
          std::ranges::find(merged_in_order, parts[i] + "|" + parts[i + 1]) - merged_in_order.begin());
      if (rank < best_rank) best = i, best_rank = rank;
    }
    if (best_rank == merged_in_order.size()) return parts;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

TEST(BytePairEncoder, AgreesWithTheDefinitionOnShortAndLongPieces) {
  std::vector<std::string> tokens = {"a", "b", "c"};
  std::vector<Merge> merges;
  std::vector<std::string> written;
  Random random(7);
  while (merges.size() < 60) {
    const auto left = random.below(tokens.size()), right = random.below(tokens.size());
    const auto joined = tokens[left] + tokens[right];
    if (std::ranges::count(tokens, joined)) continue;
    merges.push_back(
        {static_cast<TokenId>(left), static_cast<TokenId>(right), static_cast<TokenId>(tokens.size())});
    written.push_back(tokens[left] + "|" + tokens[right]);
    tokens.push_back(joined);
  }
  const Vocabulary vocabulary(tokens, std::vector<TokenKind>(tokens.size(), TokenKind::normal));
  const BytePairEncoder encoder(vocabulary, merges, {});
  for (int i = 0; i < 300; ++i) {
    std::string piece;
    for (std::uint64_t length = 1 + random.below(120); piece.size() < length;)
      piece += "abc"[random.below(3)];
    std::vector<std::string> parts;
    for (const auto id : encode(encoder, piece)) parts.push_back(tokens[static_cast<std::size_t>(id)]);
    ASSERT_EQ(parts, merge_plainly(piece, written)) << piece;
  }
}

}  // namespace
}  // namespace conceptune::tokenizer
