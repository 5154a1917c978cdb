// Whole benchmarks and the perplexity of many passages against transformers: minutes on two cores, so
// labelled reference.
#include <gtest/gtest.h>

#include <map>

#include "conceptune/base/json.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "conceptune/evaluation/passage_scoring.h"
#include "conceptune/evaluation/similarity.h"
#include "conceptune/results/correlation.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

/// The conventions of tests/reference/evaluation.py.
TextConvention convention_named(const std::string& name) {
  if (name == "bare") return paper_convention();
  TextConvention convention;
  convention.leading_space = name != "begin";
  convention.pool_begin = name == "in-text-pooled";
  return convention;
}

TEST(TransformersReference, SimilarityOfAllBenchmarks) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  CONCEPTUNE_REQUIRE(test::shared("data/benchmarks/men.txt"));
  const std::map<std::string, std::filesystem::path> files = {
      {"simlex999", test::input("simlex999.txt")},
      {"wordsim353", test::input("wordsim353.tsv")},
      {"men", test::shared("data/benchmarks/men.txt")},
      {"stsb-dev", test::shared("data/benchmarks/stsb-dev.csv")}};
  const Json golden = read_json_file(test::source("tests/reference/evaluation_similarity.json"), "test");
  const auto tokenizer = tokenizer::Tokenizer::load(path);
  const model::Decoder decoder(weights::WeightStore::open(path));
  for (const auto& [name, conventions] : golden.items()) {
    const PairBenchmark benchmark = read_pair_benchmark(files.at(name));
    std::vector<double> scores;
    for (const auto& pair : benchmark.pairs) scores.push_back(pair.score);
    for (const auto& [key, expected] : conventions.items()) {
      const TextEncoder encoder(convention_named(key), *tokenizer);
      const auto pairs = encode_pairs(benchmark, encoder, decoder.config().context_length, 0);
      ASSERT_EQ(pairs.pairs.size(), scores.size());
      const auto cosines = pair_cosines(decoder, nullptr, pairs, encoder, 1024, nullptr, {});
      EXPECT_NEAR(*spearman(scores, cosines).value, expected["spearman"].get<double>(), 1e-3)
          << name << " " << key;
      EXPECT_NEAR(*pearson(scores, cosines).value, expected["pearson"].get<double>(), 1e-3)
          << name << " " << key;
      EXPECT_NEAR(*kendall(scores, cosines).value, expected["kendall"].get<double>(), 1e-3)
          << name << " " << key;
    }
  }
}

/// Every third token counts as a content word, with two made-up synonyms, as in the script.
concepts::ConceptRecord record_of(const std::string& text, const tokenizer::Tokenizer& tokenizer) {
  concepts::ConceptRecord record;
  record.id = std::to_string(std::hash<std::string>()(text));
  record.ids = tokenizer.encode_ids(text);
  const auto size = static_cast<std::int32_t>(tokenizer.size());
  for (std::uint32_t t = 3; t < record.ids.size(); t += 3) {
    auto& word = record.words.emplace_back();
    word.position = t;
    for (const std::int32_t step : {7, 1000})
      word.synonyms.push_back({{(record.ids[t] + step) % size}, "", 1});
  }
  return record;
}

TEST(TransformersReference, NextTokenMetricsOfSixtyPassages) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const Json golden = read_json_file(test::source("tests/reference/evaluation_perplexity.json"), "test");
  const auto tokenizer = tokenizer::Tokenizer::load(path);
  const model::Decoder decoder(weights::WeightStore::open(path));
  std::vector<concepts::ConceptRecord> records;
  LineReader lines(test::input("lee_background.cor"), "test");
  for (std::string line; records.size() < 60 && lines.next(line);)
    if (count_code_points(line) < 2000) records.push_back(record_of(line, *tokenizer));
  const auto prepared =
      prepare_passages(records, tokenizer->begin_token(), decoder.config().context_length, 0);
  const auto scores = run_passages(decoder, nullptr, prepared, {}, 1024, nullptr, {}).scores;
  for (const auto& m : measure_next_token("lee", {{"base", scores}}, {.bootstrap = {.samples = 1}})) {
    if (!golden.contains(m.metric)) continue;
    const double expected = golden[m.metric].get<double>();
    EXPECT_NEAR(*m.value.value, expected, 1e-3 * expected) << m.metric;
    EXPECT_EQ(m.n, golden[m.metric.starts_with("global") ? "tokens" : "content_words"]) << m.metric;
  }
}

}  // namespace
}  // namespace conceptune::evaluation
