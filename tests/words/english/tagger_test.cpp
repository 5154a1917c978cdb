#include "conceptune/words/english/tagger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

TEST(Tagger, HasTheTagsOfThePennTreebank) {
  CONCEPTUNE_REQUIRE(model_folder());
  const auto labels = Tagger::load(model_folder() / "tagger").labels();
  EXPECT_EQ(labels.size(), 50U);
  EXPECT_THAT(labels, ::testing::IsSupersetOf({"NN", "VBZ", "JJ", "_SP", "-LRB-", "``"}));
}

TEST(Tagger, RefusesLabelsThatDoNotFitItsNetwork) {
  CONCEPTUNE_REQUIRE(model_folder());
  const test::TemporaryFolder folder;
  folder.write("model", read_file(model_folder() / "tagger/model", "testing"));
  folder.write("cfg", R"({"labels": ["NN", "VB"]})");
  EXPECT_THROW(Tagger::load(folder.path()), InputError);
  folder.write("cfg", R"({"labels": "NN"})");
  EXPECT_THROW(Tagger::load(folder.path()), InputError);
  folder.write("cfg", "{}");
  EXPECT_THROW(Tagger::load(folder.path()), InputError);
}

}  // namespace
}  // namespace conceptune::words
