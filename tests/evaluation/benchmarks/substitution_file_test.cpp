#include "conceptune/evaluation/benchmarks/substitution_file.h"

#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

Json small_benchmark() {
  return {{"contexts", {{"c:1", {{"context", "Ä red car."}}}}},
          {"targets",
           {{"t:1", {{"context_id", "c:1"}, {"target", "Car"}, {"offset", 6}, {"pos", "NOUN"}}},
            {"t:2", {{"context_id", "c:1"}, {"target", "red"}, {"offset", 2}, {"pos", nullptr}}}}},
          {"substitutes",
           {{"s:1", {{"target_id", "t:1"}, {"substitute", "auto"}}},
            {"s:2", {{"target_id", "t:1"}, {"substitute", "pear"}}}}},
          {"substitute_labels",
           {{"s:1", {"TRUE", "TRUE_IMPLICIT", "UNSURE", "FALSE"}}, {"s:2", {"FALSE", "FALSE_IMPLICIT"}}}}};
}

class SubstitutionFile : public ::testing::Test {
 protected:
  SubstitutionBenchmark read(const Json& json) {
    return read_substitution_benchmark(folder_.write("small.json", to_json_text(json)));
  }
  std::string refusal(const Json& json) {
    return test::refusal_of([&] { read(json); });
  }
  test::TemporaryFolder folder_;
};

TEST_F(SubstitutionFile, CountsWhatPeopleSaid) {
  const auto benchmark = read(small_benchmark());
  EXPECT_EQ(benchmark.name, "small");
  ASSERT_EQ(benchmark.targets.size(), 2U);
  const auto& car = benchmark.targets[0];
  EXPECT_EQ(car.context, "Ä red car.");
  EXPECT_EQ(car.begin, 6U);  // characters, and the case of the target does not matter
  EXPECT_EQ(car.pos, "NOUN");
  EXPECT_EQ(car.substitutes, (std::vector<JudgedSubstitute>{{"auto", 2, 1}, {"pear", 0, 2}}));
  EXPECT_EQ(benchmark.targets[1].pos, "");
}

TEST_F(SubstitutionFile, NamesTheEntryAtFault) {
  Json json = small_benchmark();
  json["substitute_labels"]["s:2"][0] = "MAYBE";
  EXPECT_NE(refusal(json).find("substitute \"s:2\": has the label \"MAYBE\", expected TRUE"),
            std::string::npos)
      << refusal(json);
  json = small_benchmark();
  json["targets"]["t:1"]["offset"] = 5;
  EXPECT_NE(refusal(json).find("target \"t:1\": \"Car\" does not stand at offset 5"), std::string::npos);
  for (const Json& offset : {Json(99), Json(-1), Json("6"), Json(6.5)}) {
    json["targets"]["t:1"]["offset"] = offset;
    EXPECT_NE(refusal(json).find("does not stand at offset"), std::string::npos);
  }
  json = small_benchmark();
  json["targets"]["t:1"]["context_id"] = "c:9";
  EXPECT_NE(refusal(json).find("belongs to \"c:9\", which is not there"), std::string::npos);
  json = small_benchmark();
  json["substitutes"]["s:1"]["target_id"] = "t:9";
  EXPECT_NE(refusal(json).find("belongs to \"t:9\", which is not there"), std::string::npos);
  json = small_benchmark();
  json["substitute_labels"].erase("s:1");
  EXPECT_NE(refusal(json).find("substitute \"s:1\": has no labels"), std::string::npos);
  json = small_benchmark();
  json["substitutes"]["s:1"].erase("substitute");
  EXPECT_NE(refusal(json).find("has no 'substitute'"), std::string::npos);
  json = small_benchmark();
  json.erase("contexts");
  EXPECT_NE(refusal(json).find("expected an object 'contexts'"), std::string::npos);
  EXPECT_NE(refusal(Json::array({1})).find("expected an object"), std::string::npos);
  json = {{"contexts", Json::object()},
          {"targets", Json::object()},
          {"substitutes", Json::object()},
          {"substitute_labels", Json::object()}};
  EXPECT_NE(refusal(json).find("no targets"), std::string::npos);
}

TEST_F(SubstitutionFile, ReadsTheBenchmarkItself) {
  const auto path = test::shared("data/benchmarks/swords-v1.1_dev.json.gz");
  CONCEPTUNE_REQUIRE(path);
  const auto benchmark = read_substitution_benchmark(path);
  EXPECT_EQ(benchmark.targets.size(), 370U);
  std::size_t substitutes = 0;
  for (const auto& target : benchmark.targets) substitutes += target.substitutes.size();
  EXPECT_EQ(substitutes, 22978U);
}

}  // namespace
}  // namespace conceptune::evaluation
