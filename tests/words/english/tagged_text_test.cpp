#include "conceptune/words/english/tagged_text.h"

#include <gtest/gtest.h>

namespace conceptune::words {
namespace {

TEST(PartOfSpeech, HasUniversalDependenciesNames) {
  EXPECT_EQ(name_of(PartOfSpeech::adj), "ADJ");
  EXPECT_EQ(name_of(PartOfSpeech::space), "SPACE");
  for (int i = 0; i < kPartsOfSpeech; ++i) {
    const auto pos = static_cast<PartOfSpeech>(i);
    EXPECT_EQ(part_of_speech_named(name_of(pos)), pos);
  }
  EXPECT_FALSE(part_of_speech_named("noun"));
}

}  // namespace
}  // namespace conceptune::words
