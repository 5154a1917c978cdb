#include "conceptune/results/subject_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

using testing::ElementsAre;

struct SubjectNames : testing::Test {
  std::string at(const std::string& name) const { return (folder.path() / name).string(); }
  std::vector<std::string> names(const std::vector<std::string>& texts) const {
    std::vector<std::string> names;
    for (const auto& [name, path] : name_folders(texts)) names.push_back(name);
    return names;
  }
  test::TemporaryFolder folder;
};

TEST_F(SubjectNames, TellPathsApartWithAsFewFoldersAsThatNeeds) {
  EXPECT_THAT(names({at("runs/a/best")}), ElementsAre("a"));
  EXPECT_THAT(names({at("runs/a/best"), at("runs/b/best/")}), ElementsAre("a", "b"));
  EXPECT_THAT(names({at("runs/a/best"), at("runs/a/last")}), ElementsAre("a/best", "a/last"));
  EXPECT_THAT(names({at("x/a/best"), at("y/a/best")}), ElementsAre("x/a/best", "y/a/best"));
  EXPECT_THAT(names({at("adapters/one"), at("adapters/two")}), ElementsAre("one", "two"));
}

TEST_F(SubjectNames, AreTheUsersWhereGiven) {
  EXPECT_THAT(names({"λ 0.5=" + at("a/best"), at("b/best")}), ElementsAre("λ 0.5", "b"));
  make_folder(folder.path() / "x=y");
  EXPECT_THAT(names({at("x=y")}), ElementsAre("x=y"));
  EXPECT_THROW(names({"=" + at("a")}), InputError);
  EXPECT_THROW(names({"n=" + at("a"), "n=" + at("b")}), InputError);
  EXPECT_THROW(names({at("a"), at("b/../a")}), InputError);
}

TEST_F(SubjectNames, ARunStandsForWhatItTrained) {
  make_folder(folder.path() / "run");
  folder.write("run/run.json", "{}");
  EXPECT_THROW(names({at("run")}), InputError);
  folder.write("run/training.json", R"({"result": {"adapter": "last"}})");
  const auto named = name_folders(std::vector{at("run")});
  EXPECT_EQ(named[0].name, "run");
  EXPECT_EQ(named[0].folder, folder.path() / "run" / "last");
}

}  // namespace
}  // namespace conceptune::evaluation
