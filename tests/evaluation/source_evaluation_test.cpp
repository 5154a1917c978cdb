#include "conceptune/evaluation/source_evaluation.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

TEST(FoldWhiteSpace, KeepsThePlace) {
  EXPECT_EQ(fold_white_space("  a\n\t bä  c ", 8).text, "a bä c");
  EXPECT_EQ(fold_white_space("  a\n\t bä  c ", 10).place, 5U);
  EXPECT_EQ(fold_white_space("  a\n\t bä  c ", 2).place, 0U);
  EXPECT_EQ(fold_white_space("  a\n\t bä  c ", 6).place, 2U);
}

class SourceEvaluationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto model = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    const auto pipeline = test::input("en_core_web_sm");
    CONCEPTUNE_REQUIRE(model);
    CONCEPTUNE_REQUIRE(pipeline);
    CONCEPTUNE_REQUIRE(options_.wordnet.folder / "data.noun");
    options_.source = concepts::SourceKind::wordnet;
    options_.wordnet.use_candidates = false;
    models_ = concepts::load_annotation_models(generation::LanguageModel(model), pipeline, options_);
  }

  /// A target of "She bought\n\n two red cars in Kragujevac."
  static SubstitutionTarget target(const std::string& word, const std::string& pos,
                                   std::vector<JudgedSubstitute> substitutes) {
    const std::string context = "She bought\n\n two red cars in Kragujevac.";
    return {word, context, word, static_cast<std::uint32_t>(context.find(word)), pos, std::move(substitutes)};
  }
  SourceEvaluation evaluate(std::vector<SubstitutionTarget> targets) const {
    return evaluate_source({"test", "", std::move(targets)}, options_, *models_);
  }

  concepts::AnnotateOptions options_;
  std::optional<concepts::AnnotationModels> models_;
};

TEST_F(SourceEvaluationTest, ComparesLemmasAndLeavesTheTargetsOwnOut) {
  const auto evaluation =
      evaluate({target("cars", "NOUN", {{"autos", 9, 1}, {"car", 10, 0}, {"auto", 1, 9}, {"unsure", 0, 0}})});
  ASSERT_EQ(evaluation.targets.size(), 1U);
  const auto& cars = evaluation.targets[0];
  EXPECT_EQ(cars.coverage, "answered");
  ASSERT_EQ(cars.judged.size(), 1U);  // both inflections together; neither "car" nor what nobody judged
  EXPECT_EQ(cars.judged[0].lemma, "auto");
  EXPECT_EQ(cars.judged[0].accepted, 10);
  EXPECT_EQ(cars.judged[0].judged, 20);
  EXPECT_EQ(cars.lemmas.front(), "auto");
  EXPECT_EQ(cars.scores.hits[2], (Hits{1, static_cast<std::int64_t>(cars.lemmas.size()), 1}));
  EXPECT_EQ(cars.to_json()["synonyms"][0]["text"], cars.synonyms[0].text);
}

TEST_F(SourceEvaluationTest, SaysWhyThereIsNothing) {
  const std::vector<JudgedSubstitute> judged = {{"x", 1, 0}};
  const auto evaluation =
      evaluate({target("bought", "VERB", judged), target("Kragujevac", "NOUN", judged),
                target("two", "ADJ", judged), target("She", "NOUN", judged), target("in", "ADV", judged),
                target("red", "", judged), target("red", "ADJ", {{"x", 0, 0}})});
  EXPECT_EQ(evaluation.words, 1);
  EXPECT_EQ(evaluation.coverage(),
            (std::map<std::string, std::int64_t>{{"answered", 1}, {"tagged as another part of speech", 3}}));
  EXPECT_EQ(evaluation.left_out,
            (std::map<std::string, std::int64_t>{{"part of speech ADV", 1},
                                                 {"part of speech not known", 1},
                                                 {"no substitute that people judged", 1}}));
  EXPECT_EQ(evaluation.targets[1].scores.hits[0], (Hits{0, 0, 1}));  // what is not proposed is missing
  EXPECT_THROW(evaluate({target("in", "ADV", judged)}), InputError);
}

TEST_F(SourceEvaluationTest, TellsTargetsOfSeveralTokensApart) {
  const auto evaluation = evaluate_source(
      {"test", "", {{"t", "Zebrafinches sing.", "Zebrafinches", 0, "NOUN", {{"birds", 1, 0}}}}}, options_,
      *models_);
  EXPECT_EQ(evaluation.targets[0].coverage, "no single token with a space before it");
}

}  // namespace
}  // namespace conceptune::evaluation
