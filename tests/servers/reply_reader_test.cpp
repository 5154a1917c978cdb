#include "conceptune/servers/reply_reader.h"

#include <gtest/gtest.h>

#include <limits>

#include "conceptune/base/error.h"

namespace conceptune::servers {
namespace {

TEST(ReplyReader, SaysWhatIsMissing) {
  const Json json = {{"list", {1, 2}}, {"text", "a"}};
  EXPECT_EQ(element(element(json, "list"), std::size_t{1}), 2);
  EXPECT_THROW(element(json, "absent"), InputError);
  EXPECT_THROW(element(json["list"], std::size_t{2}), InputError);
  EXPECT_THROW(element(json["text"], "key"), InputError);
  EXPECT_THROW(element(json["text"], std::size_t{0}), InputError);
  EXPECT_EQ(text_of(json["text"], "text"), "a");
  EXPECT_THROW(text_of(json["list"], "text"), InputError);
  EXPECT_THROW(number_of(json["text"], "number"), InputError);
}

TEST(ReplyReader, TokenIdsAreWholeNumbersInRange) {
  EXPECT_EQ(token_ids_of(Json{0, 5, 2147483647}), (std::vector<std::int32_t>{0, 5, 2147483647}));
  for (const Json& bad : {Json(-1), Json(2147483648), Json(1.5), Json("5"), Json(nullptr)})
    EXPECT_THROW(token_id_of(bad), InputError) << bad;
  EXPECT_THROW(token_ids_of(Json(5)), InputError);
}

TEST(TopTokensReader, TakesTheBestInOrder) {
  TopTokensReader reader;
  for (const auto& [id, log_prob] : {std::pair{1, -9.0}, {2, -1.0}, {4, -2.0}, {3, -2.0}})
    reader.add(id, log_prob);
  EXPECT_EQ(reader.best(3, 0), (TopTokens{{2, 3, 4}, {-1.0, -2.0, -2.0}}));
}

TEST(TopTokensReader, RefusesTooFewTwiceTheSameAndWhatIsNotFinite) {
  TopTokensReader few, twice, infinite;
  few.add(1, -1);
  EXPECT_THROW(few.best(2, 7), InputError);
  twice.add(1, -1);
  twice.add(1, -2);
  twice.add(2, -3);
  EXPECT_THROW(twice.best(2, 7), InputError);
  infinite.add(1, -std::numeric_limits<double>::infinity());
  EXPECT_THROW(infinite.best(1, 7), InputError);
}

}  // namespace
}  // namespace conceptune::servers
