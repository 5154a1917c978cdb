#include "conceptune/options/option_fields.h"

#include <gtest/gtest.h>

namespace conceptune {
namespace {

enum class Color { red, green };

/// A choice of things that have more than a name.
class Tree {
 public:
  Tree() : Tree("oak") {}
  static std::vector<Tree> all() { return {Tree("oak"), Tree("elm")}; }
  std::string_view name() const { return name_; }

 private:
  explicit Tree(const char* name) : name_(name) {}
  const char* name_;
};

struct Inner {
  double weight = 0.5;
  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("weight", weight, "Weight", between(0, 1));
  }
  void check(const ReportProblem& report) const {
    if (weight == 0.25) report("weight", "is a quarter");
  }
};

struct Options {
  int count = 3;
  Color color = Color::green;
  Tree tree;
  std::vector<std::string> names = {"a"};
  Inner inner;
  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("count", count, "Count", at_least(1));
    visit("color", color, "Color");
    visit("tree", tree, "Tree");
    visit("names", names, "Names");
    visit("inner", inner, "Inner section");
  }
};

}  // namespace

template <>
inline constexpr std::pair<const char*, Color> enum_names<Color>[] = {{"red", Color::red},
                                                                      {"green", Color::green}};

namespace {

TEST(OptionFields, PrintAsJson) {
  EXPECT_EQ(to_json_text(options_to_json(Options{})),
            R"({"count":3,"color":"green","tree":"oak","names":["a"],"inner":{"weight":0.5}})");
}

TEST(OptionFields, SayWhatTheirRangesDoNot) {
  Options options;
  EXPECT_TRUE(find_option_problems(options).empty());
  options.inner.weight = 0.25;
  EXPECT_EQ(find_option_problems(options, "a."),
            (std::vector<OptionProblem>{{"a.inner.weight", "is a quarter"}}));
}

TEST(OptionFields, ListTheirNames) {
  EXPECT_EQ(field_names<Options>(), (std::vector<std::string>{"count", "color", "tree", "names", "inner"}));
}

TEST(EnumNames, GoBothWays) {
  EXPECT_EQ(name_of(Color::red), "red");
  EXPECT_EQ(value_named<Color>("green"), Color::green);
  EXPECT_EQ(value_named<Color>("blue"), std::nullopt);
  EXPECT_EQ(names_of<Color>(), "red, green");
}

TEST(ListedValue, HasItsNamesFromItsOwnList) {
  EXPECT_EQ(name_of(Tree()), "oak");
  EXPECT_EQ(value_named<Tree>("elm")->name(), "elm");
  EXPECT_FALSE(value_named<Tree>("ash"));
  EXPECT_EQ(names_of<Tree>(), "oak, elm");
}

TEST(NearestName, FindsATypingError) {
  EXPECT_EQ(nearest_name("concept_wieght", {"rank", "concept_weight"}), "concept_weight");
  EXPECT_EQ(nearest_name("evn", {"eval", "env"}), "env") << "two letters swapped";
  EXPECT_EQ(nearest_name("banana", {"rank", "concept_weight"}), "");
}

TEST(Range, SaysItsLimits) {
  EXPECT_EQ(between(0, 1).text(), "between 0 and 1");
  EXPECT_EQ(at_least(2).text(), "at least 2");
  EXPECT_FALSE(between(0, 1).contains(1.5));
  EXPECT_TRUE(between(0, 1).contains(1));
}

}  // namespace
}  // namespace conceptune
