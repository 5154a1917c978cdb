#include "conceptune/concepts/concept_source.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::concepts {
namespace {

TEST(Outcomes, AddUpAndSurviveJson) {
  Outcomes outcomes{10, 5, 3, 1, 1};
  outcomes += {2, 0, 2, 0, 0};
  EXPECT_EQ(outcomes, (Outcomes{12, 5, 5, 1, 1}));
  EXPECT_EQ(Outcomes::from_json(outcomes.to_json(), "here"), outcomes);
}

TEST(Outcomes, CountFailuresByTheirReason) {
  Outcomes outcomes{2, 0, 0, 0, 2, {{"HTTP 500", 2}}};
  outcomes += {3, 1, 0, 0, 2, {{"HTTP 400", 1}, {"HTTP 500", 1}}};
  EXPECT_EQ(outcomes.failures, (std::map<std::string, std::int64_t>{{"HTTP 400", 1}, {"HTTP 500", 3}}));
  EXPECT_EQ(Outcomes::from_json(outcomes.to_json(), "here"), outcomes);
  EXPECT_FALSE(Outcomes{}.to_json().contains("failures"));
}

TEST(Outcomes, RefuseOtherJson) {
  EXPECT_THROW(Outcomes::from_json(Json::object(), "here"), InputError);
  EXPECT_THROW(Outcomes::from_json(3, "here"), InputError);
  Json json = Outcomes{}.to_json();
  json["asked"] = "many";
  EXPECT_THROW(Outcomes::from_json(json, "here"), InputError);
}

}  // namespace
}  // namespace conceptune::concepts
