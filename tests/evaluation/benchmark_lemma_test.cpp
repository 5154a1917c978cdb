#include "conceptune/evaluation/benchmark_lemma.h"

#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

TEST(BenchmarkLemma, IsThatOfTheScorersLemmatizer) {
  const auto folder = concepts::WordNetOptions{}.folder;
  CONCEPTUNE_REQUIRE(folder / "data.noun");
  const auto wordnet = concepts::WordNet::load(folder);
  const Json golden = read_json_file(test::source("tests/reference/substitution.json"), "test")["lemmas"];
  ASSERT_GT(golden.size(), 70U);
  for (const auto& [key, lemma] : golden.items()) {
    const auto slash = key.find('/');
    const words::PartOfSpeech pos = key[slash + 1] == 'n'   ? words::PartOfSpeech::noun
                                    : key[slash + 1] == 'v' ? words::PartOfSpeech::verb
                                                            : words::PartOfSpeech::adj;
    EXPECT_EQ(benchmark_lemma(*wordnet, key.substr(0, slash), pos), lemma.get<std::string>()) << key;
  }
  EXPECT_EQ(benchmark_lemma(*wordnet, " Quickly ", words::PartOfSpeech::adv), "quickly");
}

}  // namespace
}  // namespace conceptune::evaluation
