#include "conceptune/runtime/jinja/rendering.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

std::int64_t number(const Value* value) { return *value->get<std::int64_t>(); }

TEST(Rendering, FindsVariablesFromTheInside) {
  Rendering rendering;
  rendering.scope->set("a", {std::int64_t{1}});
  rendering.scope->set("b", {std::int64_t{2}});
  const auto outer = rendering.scope;
  Frame frame(nullptr);
  {
    const EnteredScope entered(rendering, frame);
    rendering.scope->set("a", {std::int64_t{3}});
    EXPECT_EQ(number(rendering.scope->find("a")), 3);
    EXPECT_EQ(number(rendering.scope->find("b")), 2);
    EXPECT_EQ(rendering.scope->find("c"), nullptr);
  }
  EXPECT_EQ(rendering.scope, outer);
  EXPECT_EQ(number(rendering.scope->find("a")), 1);
}

TEST(Rendering, HidesWhatTheFrameHides) {
  Rendering rendering;
  rendering.scope->set("a", {std::int64_t{1}});
  Frame frame(nullptr);
  frame.set("a", false);
  const EnteredScope entered(rendering, frame);
  EXPECT_TRUE(variable(rendering, "a").is<Undefined>());
}

TEST(Rendering, KnowsTheFunctionsOfJinja) {
  Rendering rendering;
  EXPECT_TRUE(variable(rendering, "range").callable());
  EXPECT_TRUE(variable(rendering, "strftime_now").is<Undefined>());
  EXPECT_THROW(variable(rendering, "lipsum"), InputError);
  rendering.scope->set("range", {std::int64_t{1}});
  EXPECT_FALSE(variable(rendering, "range").callable());
}

TEST(Rendering, CapturesOutputAndPutsItBack) {
  Rendering rendering;
  rendering.output += "a";
  {
    Capture capture(rendering);
    rendering.output += "b";
    EXPECT_EQ(*capture.take().text(), "b");
  }
  EXPECT_EQ(rendering.output, "a");
  try {
    const Capture capture(rendering);
    rendering.output += "c";
    rendering.budget.fail("x");
  } catch (const InputError&) {
  }
  EXPECT_EQ(rendering.output, "a");
}

TEST(Rendering, KeepsMacrosToTheirScope) {
  Rendering rendering;
  Macro macro;
  macro.name = "m";
  macro.frame = std::make_shared<Frame>(nullptr);
  Value kept;
  {
    const EnteredScope entered(rendering, *macro.frame);
    kept = macro_value(rendering, macro);
    EXPECT_EQ(*call(rendering, kept, Arguments(rendering.budget)).text(), "");
  }
  EXPECT_THROW(call(rendering, kept, Arguments(rendering.budget)), InputError);
  EXPECT_THROW(call(rendering, {std::int64_t{1}}, Arguments(rendering.budget)), InputError);
}

TEST(Rendering, EndsBlocksWhereALoopIsLeft) {
  Rendering rendering;
  const auto writing = [](const char* text, Flow flow) {
    return [text, flow](Rendering& target) {
      target.output += text;
      return flow;
    };
  };
  EXPECT_EQ(run({writing("a", Flow::on), writing("b", Flow::next_round), writing("c", Flow::on)}, rendering),
            Flow::next_round);
  EXPECT_EQ(rendering.output, "ab");
}

}  // namespace
}  // namespace conceptune::jinja
