#include "conceptune/fetch/named_sources.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "conceptune/fetch/hub.h"

namespace conceptune::fetch {
namespace {

bool is_hash(const std::string& text) {
  return text.empty() ||
         (text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST(NamedSources, AreWellFormed) {
  std::set<std::string> names, paths;
  for (const auto& source : named_sources()) {
    EXPECT_TRUE(names.insert(source.name).second) << source.name;
    EXPECT_TRUE(paths.insert(source.path).second) << source.name << ": another has this path";
    EXPECT_FALSE(std::filesystem::path(source.path).is_absolute());
    EXPECT_FALSE(source.what.empty() || source.licence.empty()) << source.name;
    EXPECT_GT(source.bytes, 0) << source.name;
    EXPECT_TRUE(is_hash(source.archive_sha256) && is_hash(source.sha256)) << source.name;
    switch (source.origin) {
      case Origin::package:
        EXPECT_NE(source.address.find("=="), std::string::npos) << source.name;
        EXPECT_FALSE(source.archive_sha256.empty() || source.sha256.empty()) << source.name;
        EXPECT_FALSE(source.inside.empty()) << source.name;
        break;
      case Origin::url:
        EXPECT_TRUE(source.address.starts_with("http")) << source.name;
        break;
      case Origin::hub:
        EXPECT_TRUE(parse_hub_name(source.address)) << source.name;
        // The file keeps its place in the repository.
        EXPECT_TRUE(source.path.ends_with("/" + source.inside) || source.inside.empty()) << source.name;
        break;
    }
  }
}

TEST(NamedSources, AreFoundByName) {
  ASSERT_EQ(sources_named("c4").size(), 1U);
  EXPECT_EQ(sources_named("c4")[0].address, "datasets/allenai/c4");
  EXPECT_TRUE(sources_named("C4!").empty());
  std::set<std::string> quickstart;
  for (const auto& source : sources_named("quickstart")) quickstart.insert(source.name);
  EXPECT_EQ(quickstart,
            (std::set<std::string>{"english-pipeline", "news", "simlex999", "smollm2", "wordsim353"}));
}

}  // namespace
}  // namespace conceptune::fetch
