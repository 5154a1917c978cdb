#include "conceptune/runtime/tokenizer/json_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::tokenizer {
namespace {

class JsonValuesTest : public ::testing::Test {
 protected:
  template <class Read>
  void expect_refused(Read read, const std::string& problem) {
    try {
      read();
      ADD_FAILURE() << "accepted; expected: " << problem;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("reading: a.json: " + problem));
    }
  }

  dom::parser parser_;
  dom::element root_ =
      parser_.parse(std::string_view(R"({"name": "x", "on": true, "none": null, "twice": 1, "twice": 2,
      "one": {"type": "A"}, "many": {"type": "Sequence", "parts": [{"type": "A"}, {"type": "B"}]}})"));
  const JsonValues values_{"reading", "a.json"};
};

TEST_F(JsonValuesTest, GivesWhatIsThere) {
  EXPECT_EQ(values_.string(root_, "name"), "x");
  EXPECT_TRUE(values_.flag(root_, "on", false));
  EXPECT_TRUE(values_.flag(root_, "off", true));
  EXPECT_EQ(values_.member(root_, "none"), std::nullopt);
  EXPECT_EQ(values_.string(values_.object(root_, "one"), "type"), "A");
}

TEST_F(JsonValuesTest, GivesOneStageOrTheStagesOfASequence) {
  EXPECT_TRUE(values_.stages_of(std::nullopt, "parts").empty());
  EXPECT_EQ(values_.stages_of(values_.member(root_, "one"), "parts").size(), 1U);
  const auto stages = values_.stages_of(values_.member(root_, "many"), "parts");
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(values_.string(stages[1], "type"), "B");
}

TEST_F(JsonValuesTest, RefusesWhatItDoesNotExpect) {
  expect_refused([&] { values_.string(root_, "nothing"); }, "expected a string 'nothing'");
  expect_refused([&] { values_.string(root_, "on"); }, "'on' has another type than expected");
  expect_refused([&] { values_.object(root_, "name"); }, "expected an object 'name'");
  expect_refused([&] { values_.member(root_, "twice"); }, "'twice' twice");
  expect_refused([&] { values_.stages_of(values_.member(root_, "many"), "stages"); },
                 "expected an array 'stages'");
}

}  // namespace
}  // namespace conceptune::tokenizer
