// Whole benchmarks against transformers: minutes on two cores, so
// labelled reference.
#include <gtest/gtest.h>

#include <map>

#include "conceptune/base/json.h"
#include "conceptune/evaluation/correlation.h"
#include "conceptune/evaluation/similarity.h"
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

}  // namespace
}  // namespace conceptune::evaluation
