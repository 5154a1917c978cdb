#include "conceptune/words/english/parser_network.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

class ParserNetworkTest : public ::testing::Test {
 protected:
  void SetUp() override { CONCEPTUNE_REQUIRE(model_folder()); }
};

TEST_F(ParserNetworkTest, DoesNotDependOnHowFarItLooksBack) {
  const ParserNetwork network = ParserNetwork::load(model_folder() / "parser/model");
  const TokenEncoder encoder = TokenEncoder::load(model_folder() / "tok2vec/model");
  EXPECT_EQ(network.classes(), 106U);
  constexpr std::int32_t kTokens = 5000;  // more than the scorer keeps
  TokenEncoder::Document document(encoder, kTokens);
  for (std::int32_t t = 0; t < kTokens; ++t)
    for (std::size_t d = 0; d < TokenEncoder::kWidth; ++d)
      document.row(static_cast<std::size_t>(t))[d] =
          static_cast<float>((t * 31 + static_cast<int>(d) * 7) % 13) / 13;
  const auto scores = [&](ParserNetwork::Scorer& scorer, std::int32_t token) {
    const auto row = scorer.score({token, token + 1, 0, 4990, token, -1, 2048, -1});
    return std::vector<float>(row.begin(), row.end());
  };
  ParserNetwork::Scorer used(network, document);
  for (std::int32_t token = 0; token < kTokens - 1; token += 97) scores(used, token);
  for (const std::int32_t token : {0, 2047, 4998}) {
    ParserNetwork::Scorer fresh(network, document);
    EXPECT_EQ(scores(used, token), scores(fresh, token)) << token;
  }
}

TEST_F(ParserNetworkTest, RefusesAnotherNetwork) {
  EXPECT_THROW(ParserNetwork::load(model_folder() / "tagger/model"), InputError);
  EXPECT_THROW(ParserNetwork::load(model_folder() / "tok2vec/model"), InputError);
}

}  // namespace
}  // namespace conceptune::words
