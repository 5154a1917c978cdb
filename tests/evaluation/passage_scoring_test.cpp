#include "conceptune/evaluation/passage_scoring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "tests/evaluation/records.h"
#include "tests/evaluation/small_model.h"
#include "tests/support/doubles.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

/// log p of every next token of one sequence, from full logits.
test::Doubles log_probabilities(const model::Decoder& decoder, const std::vector<std::int32_t>& ids,
                                const model::LoraAdapter* adapter = nullptr) {
  model::PackedBatch batch;
  batch.append(ids);
  return test::double_log_softmax(decoder.project(decoder.forward(batch, adapter)));
}

std::vector<PassageScores> score(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                 const PreparedPassages& prepared, int tokens_per_batch) {
  return run_passages(decoder, adapter, prepared, {}, tokens_per_batch, nullptr, {}).scores;
}

TEST(PassageScoring, AgreesWithFullLogits) {
  const auto decoder = test::byte_decoder();
  const auto adapter = test::random_adapter(test::byte_config(), {});
  const auto prepared = prepare_passages(test::kRecords, 256, 40, 0);
  for (const model::LoraAdapter* used : {static_cast<const model::LoraAdapter*>(nullptr),
                                         static_cast<const model::LoraAdapter*>(adapter.get())}) {
    const auto scores = score(decoder, used, prepared, 1000);
    const auto& ids = prepared.passages[0].ids;
    const test::Doubles log_p = log_probabilities(decoder, ids, used);
    ASSERT_EQ(scores[0].nll.size(), ids.size() - 1);
    for (std::size_t t = 1; t < ids.size(); ++t) {
      const double* log_p_V = log_p.row(static_cast<std::int64_t>(t) - 1);
      EXPECT_NEAR(scores[0].nll[t - 1], -log_p_V[ids[t]], 1e-5);
      EXPECT_EQ(scores[0].correct[t - 1],
                std::max_element(log_p_V, log_p_V + log_p.width()) - log_p_V == ids[t]);
    }
    const ContentScore& concept_score = scores[0].content[1];
    EXPECT_TRUE(concept_score.has_synonyms);
    EXPECT_EQ(concept_score.token, 2U);
    const double mass = std::exp(log_p.row(2)[30]) + std::exp(log_p.row(2)[31]);
    EXPECT_NEAR(concept_score.concept_nll, -std::log(mass), 1e-5);
    EXPECT_FALSE(scores[0].content[2].has_synonyms);
    EXPECT_DOUBLE_EQ(scores[0].content[2].concept_nll, scores[0].nll[scores[0].content[2].token]);
  }
}

TEST(PassageScoring, DoesNotDependOnBatches) {
  const auto decoder = test::byte_decoder();
  std::vector<concepts::ConceptRecord> records;
  for (int i = 0; i < 9; ++i) records.push_back(test::kRecords[i % 2 == 0 ? 0 : 3]);
  const auto prepared = prepare_passages(records, std::nullopt, 40, 0);
  const auto together = score(decoder, nullptr, prepared, 1000);
  const auto apart = score(decoder, nullptr, prepared, 1);
  for (std::size_t p = 0; p < together.size(); ++p)
    for (std::size_t i = 0; i < together[p].nll.size(); ++i)
      EXPECT_NEAR(together[p].nll[i], apart[p].nll[i], 1e-5);
}

TEST(PassageScoring, VariesConceptsInThePassagesOwnPass) {
  const auto decoder = test::byte_decoder();
  const auto adapter = test::random_adapter(test::byte_config(), {});
  PreparedPassages prepared;
  prepared.passages = {{"two", {1, 2, 3, 4, 5}, {{2, {3, 30, 31}}, {4, {5, 50}}}},
                       {"none", {1, 2, 3}, {{1, {2}}}},
                       {"one", {9, 8}, {{1, {8, 80}}}}};
  const auto variations = draw_variations(prepared, 1);
  const auto plain = score(decoder, adapter.get(), prepared, 1000);
  for (const int tokens_per_batch : {1000, 1}) {
    const auto results =
        run_passages(decoder, adapter.get(), prepared, variations, tokens_per_batch, nullptr, {});
    ASSERT_EQ(results.concepts.size(), variations.size());
    for (std::size_t v = 0; v < variations.size(); ++v) {
      const auto& [passage, token, variants] = variations[v];
      std::vector<double> sum_D(static_cast<std::size_t>(test::byte_config().width));
      for (const auto variant : variants) {
        auto ids = prepared.passages[passage].ids;
        ids.resize(token);
        ids.push_back(variant);
        model::PackedBatch batch;
        batch.append(ids);
        const model::Matrix hidden_ND = decoder.forward(batch, adapter.get());
        const float* last_D = hidden_ND.row(batch.size() - 1);
        const double length = std::sqrt(std::inner_product(last_D, last_D + sum_D.size(), last_D, 0.0));
        for (std::size_t i = 0; i < sum_D.size(); ++i) sum_D[i] += last_D[i] / length;
      }
      const ConceptStates& states = results.concepts[v];
      EXPECT_EQ(states.id, prepared.passages[passage].id);
      EXPECT_EQ(states.words, static_cast<int>(variants.size()));
      ASSERT_EQ(states.sum_D.size(), sum_D.size());
      for (std::size_t i = 0; i < sum_D.size(); ++i) EXPECT_NEAR(states.sum_D[i], sum_D[i], 1e-5);
    }
    for (std::size_t p = 0; p < plain.size(); ++p)
      for (std::size_t i = 0; i < plain[p].nll.size(); ++i)
        EXPECT_NEAR(results.scores[p].nll[i], plain[p].nll[i], 1e-5);
  }
}

TEST(PassageScoring, StopsWhenAsked) {
  const auto decoder = test::byte_decoder();
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(run_passages(decoder, nullptr, prepare_passages(test::kRecords, 256, 40, 0), {}, 1000, nullptr,
                            source.get_token()),
               Interrupted);
}

TEST(PassageScoring, AgreesWithTransformers) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const Json golden = read_json_file(test::source("tests/reference/evaluation_passages.json"), "test");
  std::vector<concepts::ConceptRecord> records;
  for (const Json& passage : golden) {
    concepts::ConceptRecord record;
    record.ids = passage["ids"].get<std::vector<std::int32_t>>();
    for (const Json& w : passage["words"])
      record.words.push_back(test::concept_word(w["position"], {{w["synonyms"][0]}, {w["synonyms"][1]}}));
    records.push_back(record);
  }
  const model::Decoder decoder(weights::WeightStore::open(path));
  const auto scores = score(decoder, nullptr, prepare_passages(records, std::nullopt, 2048, 0), 1024);
  // Float32 sums in another order: logits differ by some 1e-4.
  constexpr double kTolerance = 1e-3;
  for (std::size_t p = 0; p < scores.size(); ++p) {
    for (std::size_t i = 0; i < scores[p].nll.size(); ++i)
      EXPECT_NEAR(scores[p].nll[i], golden[p]["nll"][i].get<double>(), kTolerance);
    EXPECT_EQ(Json(scores[p].correct), golden[p]["correct"]);
    for (std::size_t w = 0; w < scores[p].content.size(); ++w)
      EXPECT_NEAR(scores[p].content[w].concept_nll, golden[p]["words"][w]["concept_nll"].get<double>(),
                  kTolerance);
  }
}

}  // namespace
}  // namespace conceptune::evaluation
