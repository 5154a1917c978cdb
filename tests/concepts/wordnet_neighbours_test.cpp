#include "conceptune/concepts/wordnet_neighbours.h"

#include <gtest/gtest.h>

#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

TEST(WordNetNeighbours, AreInTheOrderOfTheirRemoteness) {
  CONCEPTUNE_REQUIRE(WordNetOptions{}.folder / "data.noun");
  const auto wordnet = WordNet::load(WordNetOptions{}.folder);
  const auto near = neighbours_of(*wordnet, "dogs", PartOfSpeech::noun, {});
  EXPECT_EQ(near.base_forms, std::vector<std::string>{"dog"});
  EXPECT_TRUE(near.is_own("Dog"));
  EXPECT_FALSE(near.is_own("puppy"));
  ASSERT_GT(near.synsets.size(), 10U);
  for (std::size_t i = 1; i < near.synsets.size(); ++i) {
    EXPECT_LE(near.synsets[i - 1].remoteness(), near.synsets[i].remoteness());
    EXPECT_EQ(near.places.at(near.synsets[i].synset), static_cast<int>(i));
  }
  const auto* puppy = near.of(*wordnet, "puppy", PartOfSpeech::noun);
  ASSERT_NE(puppy, nullptr);
  EXPECT_EQ(puppy->distance, 1);
  EXPECT_EQ(puppy->sense, 0);
  const auto* frump = near.of(*wordnet, "frump", PartOfSpeech::noun);
  ASSERT_NE(frump, nullptr);
  EXPECT_EQ(frump->distance, 0);
  EXPECT_EQ(frump->sense, 1);
  EXPECT_EQ(near.of(*wordnet, "idea", PartOfSpeech::noun), nullptr);
}

TEST(WordNetNeighbours, AreThoseOfAsManySensesAsAskedFor) {
  CONCEPTUNE_REQUIRE(WordNetOptions{}.folder / "data.noun");
  const auto wordnet = WordNet::load(WordNetOptions{}.folder);
  const auto near = neighbours_of(*wordnet, "dog", PartOfSpeech::noun, {.senses = 1});
  EXPECT_EQ(near.of(*wordnet, "frump", PartOfSpeech::noun), nullptr);
  EXPECT_TRUE(neighbours_of(*wordnet, "qwertz", PartOfSpeech::noun, {}).synsets.empty());
}

}  // namespace
}  // namespace conceptune::concepts
