#include "conceptune/words/english/word_norms.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

TEST(WordNorms, ComeFromTheTableThenFromPunctuationThenFromLowerCase) {
  CONCEPTUNE_REQUIRE(model_folder());
  const WordNorms norms = WordNorms::load(model_folder() / "vocab/lookups.bin");
  EXPECT_EQ(norms.norm("realise"), "realize");
  EXPECT_EQ(norms.norm("Colour"), "color");
  EXPECT_EQ(norms.norm("’s"), "'s");
  EXPECT_EQ(norms.norm("—"), "-");
  EXPECT_EQ(norms.norm("€"), "$");
  EXPECT_EQ(norms.norm("Straße"), "straße");
}

TEST(WordNorms, RefuseAFileWithoutTheirTable) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(WordNorms::load(folder.write("lookups.bin", "\x80")), InputError);
  EXPECT_THROW(WordNorms::load(folder.write("lookups.bin", "\x81\xablexeme_norm\x81\xa1z\xa1y")), InputError);
  EXPECT_EQ(WordNorms::load(folder.write("lookups.bin", "\x81\xablexeme_norm\x80")).norm("Ab"), "ab");
}

}  // namespace
}  // namespace conceptune::words
