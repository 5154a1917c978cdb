#include "conceptune/concepts/wordnet_morphology.h"

#include <gtest/gtest.h>

namespace conceptune::concepts {
namespace {

using Words = std::vector<std::string>;

// What the rules make of words of a small database; wordnet_test.cpp asks the whole one.
class MorphologyTest : public ::testing::Test {
 protected:
  Words uninflected(WordNetPart part, const std::string& word) const {
    return Morphology(part, exceptions_, senses_).uninflected(word);
  }
  void add(const Words& words) {
    for (const auto& word : words) senses_[word] = {0};
  }

  Morphology::Exceptions exceptions_;
  Morphology::Senses senses_;
};

TEST(DatabaseSpelling, LowersAsciiLettersAlone) {
  EXPECT_EQ(database_spelling("Hot_DOG"), "hot dog");
  EXPECT_EQ(database_spelling("É-Z"), "É-z");
}

TEST(AlternativeSpellings, ExchangeHyphensAndSpacesAndDropPeriods) {
  EXPECT_EQ(alternative_spellings("dog"), Words{"dog"});
  EXPECT_EQ(alternative_spellings("e-mail"), (Words{"e-mail", "e mail", "email"}));
  EXPECT_EQ(alternative_spellings("hot dog"), (Words{"hot dog", "hot-dog", "hotdog"}));
  EXPECT_EQ(alternative_spellings("u.s."), (Words{"u.s.", "us"}));
}

TEST_F(MorphologyTest, TheFirstRuleThatLeadsToAWordDecides) {
  add({"hop", "hope", "bring"});
  EXPECT_EQ(uninflected(WordNetPart::verb, "hoping"), Words{"hope"});
  EXPECT_EQ(uninflected(WordNetPart::verb, "hopping"), Words{});  // a doubled consonant needs its exception
  EXPECT_EQ(uninflected(WordNetPart::verb, "bring"), Words{});
  EXPECT_EQ(uninflected(WordNetPart::adjective, "hoping"), Words{});
}

TEST_F(MorphologyTest, AnExceptionComesBeforeTheRules) {
  add({"ax", "axis", "axe", "feed"});
  exceptions_["axes"] = {"ax", "axis"};
  exceptions_["feed"] = {"feed", "fee"};
  EXPECT_EQ(uninflected(WordNetPart::noun, "axes"), (Words{"ax", "axis"}));
  EXPECT_EQ(uninflected(WordNetPart::verb, "feed"), Words{});  // its own base form
}

TEST_F(MorphologyTest, NounsInFulKeepTheirEnding) {
  add({"box", "boxful", "bus", "i"});
  EXPECT_EQ(uninflected(WordNetPart::noun, "boxesful"), Words{"boxful"});
  EXPECT_EQ(uninflected(WordNetPart::noun, "buss"), Words{});
  EXPECT_EQ(uninflected(WordNetPart::noun, "is"), Words{});
}

TEST_F(MorphologyTest, WordsOfPartsAreTreatedPartByPart) {
  add({"attorney", "attorney general", "knock about", "knock", "e-mail"});
  EXPECT_EQ(uninflected(WordNetPart::noun, "attorneys general"), Words{"attorney general"});
  EXPECT_EQ(uninflected(WordNetPart::noun, "attorneys-general"), Words{"attorney-general"});
  EXPECT_EQ(uninflected(WordNetPart::verb, "knocked about"), Words{"knock about"});
  EXPECT_EQ(uninflected(WordNetPart::noun, "e-mails"), Words{"e-mail"});
  EXPECT_EQ(uninflected(WordNetPart::verb, "--knocks--"), Words{});
  EXPECT_EQ(uninflected(WordNetPart::noun, "-"), Words{});
}

}  // namespace
}  // namespace conceptune::concepts
