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

TEST(Outcomes, RefuseOtherJson) {
  EXPECT_THROW(Outcomes::from_json(Json::object(), "here"), InputError);
  EXPECT_THROW(Outcomes::from_json(3, "here"), InputError);
  Json json = Outcomes{}.to_json();
  json["asked"] = "many";
  EXPECT_THROW(Outcomes::from_json(json, "here"), InputError);
}

}  // namespace
}  // namespace conceptune::concepts
