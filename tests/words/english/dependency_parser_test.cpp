#include "conceptune/words/english/dependency_parser.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

TEST(DependencyParser, NumbersClassesLikeSpacy) {
  CONCEPTUNE_REQUIRE(model_folder());
  const auto classes = DependencyParser::load(model_folder() / "parser").class_names();
  ASSERT_EQ(classes.size(), 106U);
  EXPECT_EQ(classes[0], "SHIFT");
  EXPECT_EQ(classes[1], "REDUCE");
  EXPECT_EQ(classes[2], "LEFT det");
  EXPECT_EQ(classes[30], "LEFT pobj||prep");
  EXPECT_EQ(classes[39], "LEFT dobj||ccomp");
  EXPECT_EQ(classes[48], "LEFT oprd");
  EXPECT_EQ(classes[49], "RIGHT punct");
  EXPECT_EQ(classes[80], "RIGHT acl||dobj");
  EXPECT_EQ(classes[104], "RIGHT appos||nsubjpass");
  EXPECT_EQ(classes[105], "BREAK ROOT");
}

TEST(DependencyParser, ParsesNothing) {
  CONCEPTUNE_REQUIRE(model_folder());
  const auto parser = DependencyParser::load(model_folder() / "parser");
  const auto encoder = TokenEncoder::load(model_folder() / "tok2vec/model");
  const Parse parse = parser.parse(TokenEncoder::Document(encoder, 0), {});
  EXPECT_TRUE(parse.forest.heads.empty());
  EXPECT_TRUE(parse.sentence_start.empty());
}

TEST(DependencyParser, RefusesTransitionsThatDoNotFitItsNetwork) {
  CONCEPTUNE_REQUIRE(model_folder());
  const test::TemporaryFolder folder;
  for (const char* file : {"model", "cfg"})
    folder.write(file, read_file(model_folder() / "parser" / file, "testing"));
  const auto load_with = [&](const std::string& moves) {
    folder.write("moves", "\x81\xa5moves\xd9" + std::string(1, static_cast<char>(moves.size())) + moves);
    return DependencyParser::load(folder.path());
  };
  EXPECT_THROW(load_with(R"({"0":{"":9},"1":{"":9},"2":{"det":5},"3":{"punct":5},"4":{"ROOT":1}})"),
               InputError);
  EXPECT_THROW(load_with(R"({"0":{"":9},"1":{"":9},"2":{},"3":{"punct":5},"4":{"ROOT":1}})"), InputError);
  EXPECT_THROW(load_with(R"({"0":{"":9},"1":{"":9}})"), InputError);
  EXPECT_THROW(load_with(R"({"0":{"":"x"}})"), InputError);
  EXPECT_THROW(load_with("{"), InputError);
}

TEST(DependencyParser, RefusesSettingsItDoesNotKnow) {
  CONCEPTUNE_REQUIRE(model_folder());
  const test::TemporaryFolder folder;
  for (const char* file : {"model", "moves"})
    folder.write(file, read_file(model_folder() / "parser" / file, "testing"));
  folder.write("cfg", R"({"beam_width": 8})");
  EXPECT_THROW(DependencyParser::load(folder.path()), InputError);
  folder.write("cfg", R"({"learn_tokens": true})");
  EXPECT_THROW(DependencyParser::load(folder.path()), InputError);
}

}  // namespace
}  // namespace conceptune::words
