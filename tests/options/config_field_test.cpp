#include "conceptune/options/config_field.h"

#include <gtest/gtest.h>

#include <cmath>

namespace conceptune::experiment {
namespace {

enum class Shape { round, square };

struct Inner {
  double rate = 7e-5;
  std::vector<std::filesystem::path> files;
  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("rate", rate, "Rate a|b", between(0, 1));
    visit("files", files, "Files");
  }
};

struct Options {
  std::int32_t count = 3;
  bool fast = true;
  Shape shape = Shape::square;
  std::string title = "say \"hi\"";
  Inner inner;
  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("count", count, "Count", at_least(1));
    visit("fast", fast, "Fast");
    visit("shape", shape, "Shape");
    visit("title", title, "Title");
    visit("inner", inner, "Section");
  }
};

}  // namespace
}  // namespace conceptune::experiment

template <>
inline constexpr std::pair<const char*, conceptune::experiment::Shape>
    conceptune::enum_names<conceptune::experiment::Shape>[] = {
        {"round", conceptune::experiment::Shape::round}, {"square", conceptune::experiment::Shape::square}};

namespace conceptune::experiment {
namespace {

struct ConfigFieldTest : testing::Test {
  bool assign(std::string_view key, const Json& value) {
    return find_field(fields, key)->assign(value, "/folder");
  }
  Options options;
  std::vector<ConfigField> fields = list_fields(options);
};

TEST_F(ConfigFieldTest, AssignsEachType) {
  EXPECT_TRUE(assign("count", 7));
  EXPECT_TRUE(assign("fast", false));
  EXPECT_TRUE(assign("shape", "round"));
  EXPECT_TRUE(assign("inner.rate", 1));  // an integer is a number
  EXPECT_TRUE(assign("inner.files", Json::array({"a/../b", "/c"})));
  EXPECT_EQ(options.count, 7);
  EXPECT_FALSE(options.fast);
  EXPECT_EQ(options.shape, Shape::round);
  EXPECT_EQ(options.inner.rate, 1);
  EXPECT_EQ(options.inner.files, (std::vector<std::filesystem::path>{"/folder/b", "/c"}));
}

TEST_F(ConfigFieldTest, RefusesWrongTypesAndRanges) {
  EXPECT_FALSE(assign("count", 0));
  EXPECT_FALSE(assign("count", 2.0));
  EXPECT_FALSE(assign("count", std::int64_t{1} << 40));
  EXPECT_FALSE(assign("count", "3"));
  EXPECT_FALSE(assign("fast", 1));
  EXPECT_FALSE(assign("shape", "oval"));
  EXPECT_FALSE(assign("inner.rate", 1.5));
  EXPECT_FALSE(assign("inner.rate", std::nan("")));
  EXPECT_FALSE(assign("inner.files", "a"));
  EXPECT_FALSE(assign("inner.files", Json::array({"a", 1})));
  EXPECT_EQ(options.count, 3);
}

TEST_F(ConfigFieldTest, SayWhatTheyExpect) {
  EXPECT_EQ(find_field(fields, "count")->expected, "an integer, at least 1");
  EXPECT_EQ(find_field(fields, "shape")->expected, "one of round, square");
  EXPECT_EQ(find_field(fields, "inner.files")->expected, "a list, each a path");
  EXPECT_EQ(find_field(fields, "inner.none"), nullptr);
}

TEST_F(ConfigFieldTest, SuggestsTheNearestKeyOrTheSameNameElsewhere) {
  EXPECT_EQ(unknown_key_message(fields, "coumt"), "unknown key 'coumt', did you mean 'count'?");
  EXPECT_EQ(unknown_key_message(fields, "training.rate"),
            "unknown key 'training.rate', did you mean 'inner.rate'?");
  EXPECT_EQ(unknown_key_message(fields, "bananas.peel"), "unknown key 'bananas.peel'");
}

TEST_F(ConfigFieldTest, PrintsToml) {
  options.inner.files = {"/a"};
  EXPECT_EQ(fields_to_toml(fields),
            "count = 3\nfast = true\nshape = \"square\"\ntitle = \"say \\\"hi\\\"\"\n"
            "\n[inner]\nrate = 7e-05\nfiles = [\"/a\"]\n");
}

TEST(SettingLabel, IsShortAndOfFilesTheirNames) {
  EXPECT_EQ(setting_label("training.objective.concept_weight", 0.5), "λ 0.5");
  EXPECT_EQ(setting_label("training.seed", 2), "seed 2");
  EXPECT_EQ(setting_label("model.path", "/m/Llama-3.2-1B"), "path Llama-3.2-1B");
  EXPECT_EQ(setting_label("corpus.files", {"/d/c4-train.00000-of-01024.json.gz", "owt.jsonl"}),
            "files c4-train+owt");
}

TEST(TomlLiteral, EscapesWhatTomlWantsEscaped) {
  EXPECT_EQ(to_toml_literal("a\"\\\n\x1b\x7f é"), R"("a\"\\\n\u001b\u007f é")");
  EXPECT_EQ(to_toml_literal({1, "\x7f"}), R"([1, "\u007f"])");
}

TEST_F(ConfigFieldTest, DocumentsEverySection) {
  const std::string text = document_fields(fields);
  EXPECT_NE(text.find("| `count` | `3` | an integer, at least 1 | results | Count |"), std::string::npos)
      << text;
  EXPECT_NE(text.find("## `[inner]`"), std::string::npos);
  EXPECT_NE(text.find("Rate a\\|b"), std::string::npos);
}

}  // namespace
}  // namespace conceptune::experiment
