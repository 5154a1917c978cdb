// Values of spaCy 3.8 and thinc 8.3.
#include "conceptune/words/english/string_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::words {
namespace {

TEST(StringId, HashesLikeSpacy) {
  EXPECT_EQ(string_id("Apple"), 6418411030699964375U);
  EXPECT_EQ(string_id("the"), 7425985699627899538U);
  EXPECT_EQ(string_id("naïve"), 16224804062388677344U);
  EXPECT_EQ(string_id("中文"), 16284430293168110310U);
}

TEST(StringId, NumbersReservedSymbols) {
  EXPECT_EQ(string_id(""), 0U);
  EXPECT_EQ(string_id("X"), 101U);
  EXPECT_EQ(string_id("ID"), 64U);
  EXPECT_EQ(string_id("acl"), 451U);
  EXPECT_EQ(string_id("_"), 456U);
}

TEST(EmbeddingKeys, HashLikeThinc) {
  const auto rows = [](std::uint64_t id) {
    auto keys = embedding_keys(id, 8);
    for (auto& key : keys) key %= 5000;
    return keys;
  };
  EXPECT_THAT(rows(string_id("apple")), ::testing::ElementsAre(3934, 1080, 901, 472));
  EXPECT_THAT(rows(1), ::testing::ElementsAre(108, 3286, 162, 1281));
  EXPECT_THAT(rows(0), ::testing::ElementsAre(0, 0, 0, 0));
}

}  // namespace
}  // namespace conceptune::words
