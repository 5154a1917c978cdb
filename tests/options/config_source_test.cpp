#include "conceptune/options/config_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ReadConfigEntries, KeepsTheOrderOfTheFileAndItsLines) {
  const test::TemporaryFolder folder;
  const auto path =
      folder.write("a.toml",
                   "z = 1\n[training]\nrate = 7e-5\nbatch = 2\n[grid]\n"
                   "training.weight = [0, 1.0]\n[[arms]]\nname = \"x\"\n[[arms]]\nname = \"y\"\n");
  const auto entries = read_config_entries(path);
  std::vector<std::string> keys;
  for (const auto& entry : entries) keys.push_back(entry.key);
  EXPECT_THAT(keys, testing::ElementsAre("z", "training.rate", "training.batch", "grid.training.weight",
                                         "arms.0.name", "arms.1.name"));
  EXPECT_THAT(entries[2].where, EndsWith("a.toml, line 4"));
  EXPECT_EQ(entries[3].value, Json::parse("[0, 1.0]"));
  EXPECT_EQ(entries[0].folder, folder.path());
}

TEST(ReadConfigEntries, EmptyTablesDoNotVanish) {
  const test::TemporaryFolder folder;
  const auto entries = read_config_entries(folder.write("a.toml", "[trainin]\n"));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].key, "trainin");
}

TEST(ReadConfigEntries, SaysWhereTheFileIsNotToml) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a.toml", "a = 1\nb = = 2\n");
  EXPECT_THAT(message_of([&] { read_config_entries(path); }), HasSubstr("a.toml, line 2: not valid TOML"));
  EXPECT_THAT(message_of([&] { read_config_entries(folder.write("b.toml", "a = \"\xff\"\n")); }),
              HasSubstr("not valid TOML"));
  EXPECT_THAT(message_of([&] { read_config_entries(folder.path() / "none.toml"); }), HasSubstr("none.toml"));
}

TEST(ParseSetting, TakesTomlOrAPlainString) {
  EXPECT_EQ(parse_setting("a.b=3").value, Json(3));
  EXPECT_EQ(parse_setting("a.b=[0, 0.5]").value, Json::parse("[0, 0.5]"));
  EXPECT_EQ(parse_setting("a.b=\"x y\"").value, Json("x y"));
  EXPECT_EQ(parse_setting("a.b=paper").value, Json("paper"));
  EXPECT_EQ(parse_setting("a.b=/tmp/a=b").value, Json("/tmp/a=b"));
  EXPECT_EQ(parse_setting("a.b=1").key, "a.b");
  EXPECT_EQ(parse_setting("a.b=1\nc = 2").value, Json("1\nc = 2"));
}

TEST(ParseSetting, WantsAnEqualsSign) {
  EXPECT_EQ(message_of([] { parse_setting("training.epochs"); }),
            "reading config: --set training.epochs: expected section.key=value");
  EXPECT_THAT(message_of([] { parse_setting("=3"); }), HasSubstr("expected section.key=value"));
}

}  // namespace
}  // namespace conceptune::experiment
