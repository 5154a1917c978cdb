#include "conceptune/concepts/inflection.h"

#include <gtest/gtest.h>

#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

class InflectionTest : public ::testing::Test {
 protected:
  void SetUp() override { CONCEPTUNE_REQUIRE(WordNetOptions{}.folder / "data.noun"); }
  static const WordNet& wordnet() {
    static const auto database = WordNet::load(WordNetOptions{}.folder);
    return *database;
  }
  static std::string noun(const std::string& base) {
    return inflected(wordnet(), base, PartOfSpeech::noun, WordForm::plural);
  }
  static std::string verb(const std::string& base, WordForm form) {
    return inflected(wordnet(), base, PartOfSpeech::verb, form);
  }
  static std::string adjective(const std::string& base, WordForm form) {
    return inflected(wordnet(), base, PartOfSpeech::adj, form);
  }
};

TEST_F(InflectionTest, MakesPlurals) {
  for (const auto& [base, plural] : {std::pair("house", "houses"),
                                     {"home", "homes"},
                                     {"box", "boxes"},
                                     {"church", "churches"},
                                     {"city", "cities"},
                                     {"boy", "boys"},
                                     {"child", "children"},
                                     {"mouse", "mice"},
                                     {"hero", "heroes"},
                                     {"woman", "women"},
                                     {"fireman", "firemen"},
                                     {"human", "humans"},
                                     {"bank account", "bank accounts"},
                                     {"wife", "wives"}})
    EXPECT_EQ(noun(base), plural);
}

TEST_F(InflectionTest, MakesTheFormsOfVerbs) {
  using enum WordForm;
  struct Case {
    const char *base, *third_person, *past, *past_participle, *present_participle;
  };
  const Case cases[] = {{"purchase", "purchases", "purchased", "purchased", "purchasing"},
                        {"buy", "buys", "bought", "bought", "buying"},
                        {"take", "takes", "took", "taken", "taking"},
                        {"sing", "sings", "sang", "sung", "singing"},
                        {"win", "wins", "won", "won", "winning"},
                        {"run", "runs", "ran", "run", "running"},
                        {"become", "becomes", "became", "become", "becoming"},
                        {"show", "shows", "showed", "shown", "showing"},
                        {"put", "puts", "put", "put", "putting"},
                        {"stop", "stops", "stopped", "stopped", "stopping"},
                        {"try", "tries", "tried", "tried", "trying"},
                        {"play", "plays", "played", "played", "playing"},
                        {"lie", "lies", "lay", "lain", "lying"},
                        {"go", "goes", "went", "gone", "going"},
                        {"have", "has", "had", "had", "having"},
                        {"be", "is", "was", "been", "being"},
                        {"see", "sees", "saw", "seen", "seeing"},
                        {"watch", "watches", "watched", "watched", "watching"},
                        {"hap", "haps", "happed", "happed", "happing"},
                        {"need", "needs", "needed", "needed", "needing"},
                        {"pick up", "picks up", "picked up", "picked up", "picking up"}};
  for (const Case& one : cases) {
    EXPECT_EQ(verb(one.base, third_person), one.third_person);
    EXPECT_EQ(verb(one.base, past), one.past);
    EXPECT_EQ(verb(one.base, past_participle), one.past_participle);
    EXPECT_EQ(verb(one.base, present_participle), one.present_participle);
    EXPECT_EQ(verb(one.base, base), one.base);
  }
}

TEST_F(InflectionTest, ComparesShortAdjectives) {
  EXPECT_EQ(adjective("big", WordForm::comparative), "bigger");
  EXPECT_EQ(adjective("nice", WordForm::superlative), "nicest");
  EXPECT_EQ(adjective("happy", WordForm::comparative), "happier");
  EXPECT_EQ(adjective("good", WordForm::superlative), "best");
  EXPECT_EQ(adjective("simple", WordForm::comparative), "simpler");
  EXPECT_EQ(adjective("important", WordForm::comparative), "");
  EXPECT_EQ(adjective("useful", WordForm::superlative), "");
  EXPECT_EQ(adjective("old", WordForm::base), "old");
}

TEST_F(InflectionTest, FormsLeadBackToTheirBase) {
  // Every frequent verb and noun, whatever rule or list its forms come from.
  for (const char* base :
       {"make",  "give",  "find",  "think", "tell",  "become", "leave", "feel", "bring", "begin",
        "keep",  "hold",  "write", "stand", "hear",  "let",    "mean",  "set",  "meet",  "pay",
        "sit",   "speak", "lead",  "read",  "grow",  "lose",   "fall",  "send", "build", "draw",
        "break", "spend", "cut",   "rise",  "drive", "wear",   "choose"})
    for (const WordForm form :
         {WordForm::third_person, WordForm::past, WordForm::past_participle, WordForm::present_participle}) {
      const auto forms = wordnet().base_forms(verb(base, form), PartOfSpeech::verb);
      EXPECT_NE(std::find(forms.begin(), forms.end(), base), forms.end()) << verb(base, form);
    }
}

TEST(WordForms, AreThoseOfTags) {
  EXPECT_EQ(form_of_tag("NNS"), WordForm::plural);
  EXPECT_EQ(form_of_tag("VBN"), WordForm::past_participle);
  EXPECT_EQ(form_of_tag("VBP"), WordForm::base);
  EXPECT_EQ(form_of_tag(""), WordForm::base);
}

}  // namespace
}  // namespace conceptune::concepts
