#include "conceptune/runtime/jinja/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::jinja {
namespace {

TEST(Frame, HidesWhatIsSetBeforeItIsRead) {
  Frame frame(nullptr);
  frame.set("a", false);
  frame.read("b");
  frame.set("b", false);
  frame.set("c", true);  // in a branch: it may not be set at all
  frame.declare("d");
  frame.set("d", false);
  frame.set("a", false);
  frame.close();
  EXPECT_THAT(frame.hidden(), ::testing::ElementsAre("a"));
}

TEST(Frame, LeavesNamesThatAreKnownOutside) {
  const auto outer = std::make_shared<Frame>(nullptr);
  const auto middle = std::make_shared<Frame>(outer);
  Frame inner(middle);
  inner.set("a", false);
  inner.set("b", false);
  outer->read("a");  // later in the template
  inner.close();
  EXPECT_THAT(inner.hidden(), ::testing::ElementsAre("b"));
}

}  // namespace
}  // namespace conceptune::jinja
