#include "conceptune/evaluation/passage_scoring.h"

#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "tests/evaluation/small_model.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

concepts::ConceptWord word(std::uint32_t position, std::vector<std::vector<std::int32_t>> synonyms) {
  concepts::ConceptWord content_word;
  content_word.position = position;
  for (auto& ids : synonyms) content_word.synonyms.push_back({std::move(ids), "synonym", 1});
  return content_word;
}

const std::vector<concepts::ConceptRecord> kRecords = {
    {"first", "", {10, 20, 30, 40, 50}, {word(0, {}), word(2, {{31}, {32, 33}, {31}}), word(4, {})}},
    {"long", "", std::vector<std::int32_t>(60, 1), {}},
    {"one", "", {9}, {}},
    {"last", "", {200, 100, 3}, {word(1, {{101}})}},
};

/// log p of every next token of one sequence, from full logits.
at::Tensor log_probabilities(const model::Decoder& decoder, const std::vector<std::int32_t>& ids,
                             const model::LoraAdapter* adapter = nullptr) {
  model::PackedBatch batch;
  batch.append(ids);
  return decoder.project(decoder.forward(batch, adapter)).to(at::kDouble).log_softmax(1);
}

TEST(PassageScoring, PreparesWhatCanBeScored) {
  const auto prepared = prepare_passages(kRecords, std::nullopt, 40, 0);
  ASSERT_EQ(prepared.passages.size(), 2U);
  ASSERT_EQ(prepared.skipped.size(), 2U);
  EXPECT_EQ(prepared.skipped[0].reason, "60 tokens, the context holds 40");
  EXPECT_EQ(prepared.skipped[1].reason, "no token to predict");
  // A word at the very beginning is predicted by nothing; synonyms of several tokens have no single one.
  ASSERT_EQ(prepared.passages[0].words.size(), 2U);
  EXPECT_EQ(prepared.passages[0].words[0].concept_ids, (std::vector<std::int32_t>{30, 31}));
  const auto with_begin = prepare_passages(kRecords, 256, 40, 3);
  ASSERT_EQ(with_begin.passages.size(), 2U);
  EXPECT_EQ(with_begin.passages[0].words.size(), 3U);
  EXPECT_EQ(with_begin.passages[0].words[0].token, 1U);
  EXPECT_EQ(with_begin.passages[1].ids, (std::vector<std::int32_t>{256, 9}));
}

TEST(PassageScoring, AgreesWithFullLogits) {
  const auto decoder = test::byte_decoder();
  const auto adapter = test::random_adapter(test::byte_config(), {});
  const auto prepared = prepare_passages(kRecords, 256, 40, 0);
  for (const model::LoraAdapter* used : {static_cast<const model::LoraAdapter*>(nullptr),
                                         static_cast<const model::LoraAdapter*>(adapter.get())}) {
    const auto scores = score_passages(decoder, used, prepared, 1000, nullptr, {});
    const auto& ids = prepared.passages[0].ids;
    const at::Tensor log_p = log_probabilities(decoder, ids, used);
    ASSERT_EQ(scores[0].nll.size(), ids.size() - 1);
    for (std::size_t t = 1; t < ids.size(); ++t) {
      EXPECT_NEAR(scores[0].nll[t - 1], -log_p[t - 1][ids[t]].item<double>(), 1e-5);
      EXPECT_EQ(scores[0].correct[t - 1], log_p[t - 1].argmax().item<std::int64_t>() == ids[t]);
    }
    const ContentScore& concept_score = scores[0].content[1];
    EXPECT_TRUE(concept_score.has_synonyms);
    EXPECT_EQ(concept_score.token, 2U);
    const double mass = std::exp(log_p[2][30].item<double>()) + std::exp(log_p[2][31].item<double>());
    EXPECT_NEAR(concept_score.concept_nll, -std::log(mass), 1e-5);
    EXPECT_FALSE(scores[0].content[2].has_synonyms);
    EXPECT_DOUBLE_EQ(scores[0].content[2].concept_nll, scores[0].nll[scores[0].content[2].token]);
  }
}

TEST(PassageScoring, DoesNotDependOnBatches) {
  const auto decoder = test::byte_decoder();
  std::vector<concepts::ConceptRecord> records;
  for (int i = 0; i < 9; ++i) records.push_back(kRecords[i % 2 == 0 ? 0 : 3]);
  const auto prepared = prepare_passages(records, std::nullopt, 40, 0);
  const auto together = score_passages(decoder, nullptr, prepared, 1000, nullptr, {});
  const auto apart = score_passages(decoder, nullptr, prepared, 1, nullptr, {});
  for (std::size_t p = 0; p < together.size(); ++p)
    for (std::size_t i = 0; i < together[p].nll.size(); ++i)
      EXPECT_NEAR(together[p].nll[i], apart[p].nll[i], 1e-5);
}

TEST(PassageScoring, StopsWhenAsked) {
  const auto decoder = test::byte_decoder();
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(score_passages(decoder, nullptr, prepare_passages(kRecords, 256, 40, 0), 1000, nullptr,
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
      record.words.push_back(word(w["position"], {{w["synonyms"][0]}, {w["synonyms"][1]}}));
    records.push_back(record);
  }
  const model::Decoder decoder(weights::WeightStore::open(path));
  const auto scores =
      score_passages(decoder, nullptr, prepare_passages(records, std::nullopt, 2048, 0), 1024, nullptr, {});
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
