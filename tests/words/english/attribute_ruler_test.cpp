#include "conceptune/words/english/attribute_ruler.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

/// The rules of en_core_web_sm, asked about tokens given by tag, lower case word and dependency.
class Rules : public ::testing::Test {
 protected:
  void SetUp() override {
    CONCEPTUNE_REQUIRE(model_folder());
    ruler_.emplace(AttributeRuler::load(model_folder() / "attribute_ruler/patterns"));
  }

  AttributeRuler::Token token(std::string_view tag, std::string_view lower, std::string_view dependency = "",
                              bool is_space = false) const {
    return {ruler_->symbol(tag), ruler_->symbol(lower), ruler_->symbol(dependency), is_space};
  }

  std::string pos(std::string_view tag, std::string_view lower, std::string_view dependency = "") const {
    return std::string(name_of(*ruler_->judge({token(tag, lower, dependency)}, 0).pos));
  }

  std::optional<AttributeRuler> ruler_;
};

TEST_F(Rules, DecideByTagAndWord) {
  EXPECT_EQ(pos("NN", "house"), "NOUN");
  EXPECT_EQ(pos("NN", "nothing"), "PRON");
  EXPECT_EQ(pos("IN", "of"), "ADP");
  EXPECT_EQ(pos("IN", "because"), "SCONJ");
  EXPECT_EQ(pos("VBZ", "'s"), "AUX");
  EXPECT_EQ(pos("VBZ", "’s"), "VERB");
  EXPECT_EQ(pos("VBG", "having"), "VERB");
  EXPECT_EQ(pos("RB", "n't"), "PART");
}

TEST_F(Rules, DecideByDependencyWhereThereIsOne) {
  EXPECT_EQ(pos("VBP", "do"), "AUX");
  EXPECT_EQ(pos("VBP", "do", "aux"), "AUX");
  EXPECT_EQ(pos("VBP", "do", "ROOT"), "VERB");
  EXPECT_EQ(pos("VBN", "gotten", "auxpass"), "AUX");
  EXPECT_EQ(pos("TO", "to", "aux"), "PART");
  EXPECT_EQ(pos("IN", "of", "mark"), "SCONJ");
  EXPECT_EQ(pos("DT", "that"), "DET");
  EXPECT_EQ(pos("DT", "that", "det"), "DET");
  EXPECT_EQ(pos("DT", "that", "nsubj"), "PRON");
  EXPECT_EQ(pos("CC", "but", "advmod"), "ADV");
}

TEST_F(Rules, LookAtTheTokenBefore) {
  const auto pos_of_is = [&](std::string_view before) {
    return ruler_->judge({token("EX", "there", before), token("VBZ", "is", "ROOT")}, 1).pos;
  };
  EXPECT_EQ(pos_of_is("expl"), PartOfSpeech::verb);
  EXPECT_EQ(pos_of_is("nsubj"), PartOfSpeech::aux);
}

TEST_F(Rules, DecideAllAboutWhiteSpace) {
  const auto space = ruler_->judge({token("NN", "\n", "punct", true)}, 0);
  EXPECT_EQ(space.pos, PartOfSpeech::space);
  EXPECT_EQ(space.tag, "_SP");
  EXPECT_EQ(space.dependency, "dep");
  EXPECT_FALSE(ruler_->judge({token("NN", "\n", "", true)}, 0).dependency);
  EXPECT_EQ(ruler_->judge({token("_SP", "a")}, 0).pos, PartOfSpeech::x);
}

TEST(AttributeRulerFile, IsRefusedWithRulesThatCannotBeFollowed) {
  const test::TemporaryFolder folder;
  const auto load = [&](const std::string& tokens, const std::string& index, const std::string& pos) {
    return AttributeRuler::load(folder.write("patterns", "\x91\x83\xa8patterns\x91" + tokens + "\xa5" +
                                                             "attrs\x81\xa3POS" + pos + "\xa5index" + index));
  };
  const std::string by_tag = "\x91\x81\xa3TAG\xa2NN";
  EXPECT_NO_THROW(load(by_tag, std::string(1, '\0'), "\xa4NOUN"));
  EXPECT_THROW(load(by_tag, "\x01", "\xa4NOUN"), InputError);
  EXPECT_THROW(load(by_tag, "\xff", "\xa4NOUN"), InputError);
  EXPECT_THROW(load(by_tag, std::string(1, '\0'), "\xa4NAUN"), InputError);
  EXPECT_THROW(load("\x91\x81\xa5LEMMA\xa2NN", std::string(1, '\0'), "\xa4NOUN"), InputError);
  EXPECT_THROW(load("\x91\x81\xa3TAG\x81\xa5REGEX\x91\xa2NN", std::string(1, '\0'), "\xa4NOUN"), InputError);
}

}  // namespace
}  // namespace conceptune::words
