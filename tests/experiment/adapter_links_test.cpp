// A run's adapters under the names of its arms.
#include "conceptune/experiment/adapter_links.h"

#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;
using Arms = std::vector<evaluation::NamedFolder>;

TEST(AdapterLinks, AreCalledWhatTheirArmsAre) {
  const Arms arms = {{"λ 0.5", ""}, {"words-only, λ 0.5", ""}, {"a/b", ""}, {"a b", ""}, {"..", ""},
                     {" -x- ", ""}};
  EXPECT_EQ(link_names(arms),
            (std::vector<std::string>{"λ-0.5", "words-only-λ-0.5", "a-b", "a-b-2", "arm", "x"}));
}

TEST(AdapterLinks, LeadToTheFoldersAlsoWhereTheRunIsMoved) {
  const test::TemporaryFolder folder;
  const fs::path run = folder.path() / "run", made = run / "products" / "train-1" / "best";
  fs::create_directories(made);
  write_file_atomically(made / "adapter_config.json", "{}");
  EXPECT_EQ(link_adapters(run, Arms{{"λ 0.5", made}}), run / "adapters");
  fs::rename(run, folder.path() / "moved");
  EXPECT_TRUE(fs::exists(folder.path() / "moved" / "adapters" / "λ-0.5" / "adapter_config.json"));
}

TEST(AdapterLinks, AreReplacedAndNothingElseIs) {
  const test::TemporaryFolder folder;
  const fs::path run = folder.path() / "run", first = run / "products" / "1", second = run / "products" / "2";
  for (const auto& made : {first, second}) fs::create_directories(made);
  link_adapters(run, Arms{{"old", first}, {"kept", first}});
  fs::create_directories(run / "adapters" / "mine");
  link_adapters(run, Arms{{"kept", second}, {"mine", second}});
  EXPECT_FALSE(fs::is_symlink(run / "adapters" / "old"));
  EXPECT_EQ(fs::canonical(run / "adapters" / "kept"), fs::canonical(second));
  EXPECT_TRUE(fs::is_directory(fs::symlink_status(run / "adapters" / "mine")));
}

}  // namespace
}  // namespace conceptune::experiment
