#include "conceptune/experiment/input_hash.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

struct Options {
  int count = 1;
  std::filesystem::path file;
  std::vector<std::filesystem::path> more;
  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("count", count, "Count");
    visit("file", file, "File");
    visit("more", more, "Files");
  }
};

struct InputHashTest : testing::Test {
  test::TemporaryFolder run, inputs;
  RunStore store{run.path(), RunStore::Access::read_write};
};

TEST_F(InputHashTest, IsTheHashOfTheContent) {
  const auto path = inputs.write("a", "content");
  EXPECT_EQ(hash_input(path, store), sha256_hex("content"));
  inputs.write("a", "other content");
  EXPECT_EQ(hash_input(path, store), sha256_hex("other content"));
}

TEST_F(InputHashTest, OfAFolderDependsOnNamesAndContents) {
  std::filesystem::create_directory(inputs.path() / "m");
  inputs.write("m/a", "1");
  const std::string before = hash_input(inputs.path() / "m", store);
  EXPECT_EQ(hash_input(inputs.path() / "m", store), before);
  std::filesystem::rename(inputs.path() / "m/a", inputs.path() / "m/b");
  EXPECT_NE(hash_input(inputs.path() / "m", store), before);
}

TEST_F(InputHashTest, RecipesDoNotDependOnWhereInputsLie) {
  Options options{3, inputs.write("a", "x"), {inputs.write("b", "y")}};
  const Json recipe = recipe_of(list_fields(options), store);
  EXPECT_EQ(recipe["count"], 3);
  EXPECT_EQ(recipe["file"], sha256_hex("x"));
  EXPECT_EQ(recipe["more"][0], sha256_hex("y"));
  const test::TemporaryFolder elsewhere;
  options.file = elsewhere.write("renamed", "x");
  EXPECT_EQ(recipe_of(list_fields(options), store), recipe);
  options.file.clear();
  EXPECT_EQ(recipe_of(list_fields(options), store)["file"], "");
}

TEST_F(InputHashTest, MissingInputIsAnError) {
  EXPECT_THROW(hash_input(inputs.path() / "none", store), InputError);
}

}  // namespace
}  // namespace conceptune::experiment
