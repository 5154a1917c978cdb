#include "conceptune/base/messages.h"

#include <gtest/gtest.h>

#include <string>

namespace conceptune {
namespace {

TEST(Messages, ReachTheSinkThatIsSet) {
  std::string seen;
  const auto before = set_message_sink([&](Severity severity, std::string_view message) {
    seen += (severity == Severity::warning ? "W:" : "I:") + std::string(message);
  });
  inform("a");
  warn("b");
  set_message_sink(before);
  warn("dropped");
  EXPECT_EQ(seen, "I:aW:b");
}

}  // namespace
}  // namespace conceptune
