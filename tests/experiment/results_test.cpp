#include "conceptune/experiment/results.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/dataset_card.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::experiment {
namespace {

concepts::ConceptRecord record_of(const tokenizer::Tokenizer& tokenizer, const std::string& text,
                                  int synonyms) {
  concepts::ConceptRecord record;
  record.id = corpus::passage_id(text);
  record.text = text;
  const auto encoding = tokenizer.encode(text);
  record.ids = encoding.ids;
  for (std::uint32_t i = 1; i < encoding.ids.size(); ++i) {
    const std::string& bytes = tokenizer.token_bytes(encoding.ids[i]);
    if (bytes != " dog" && bytes != " city") continue;
    auto& word = record.words.emplace_back();
    word.position = i;
    word.word = bytes.substr(1);
    word.span = {encoding.offsets[i].begin + 1, encoding.offsets[i].end};
    for (int n = 0; n < synonyms; ++n)
      word.synonyms.push_back({tokenizer.encode_ids(n ? " hound" : " man"), n ? "hound" : "man", 0.5});
  }
  return record;
}

struct ChooseExamples : testing::Test {
  ChooseExamples() {
    test::write_tiny_model(folder.path() / "model");
    tokenizer = tokenizer::Tokenizer::load(folder.path() / "model");
    const auto card = test::dataset_card(tokenizer->hash(), tokenizer->size());
    concepts::DatasetWriter writer(folder.path() / "dataset", card);
    for (int i = 0; i < 20; ++i)
      writer.write(record_of(*tokenizer, fmt::format("naïve {} the dog of the city", i), i % 2 ? 2 : 0));
    writer.write(record_of(*tokenizer, fmt::format("{:x>800} the dog of the city", ""), 2));
    writer.commit();
  }
  std::vector<StoredExample> choose(std::size_t count, std::uint64_t seed) {
    return choose_examples(folder.path() / "dataset", count, seed);
  }
  test::TemporaryFolder folder;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer;
};

TEST_F(ChooseExamples, TakesReadablePassagesWithConcepts) {
  const auto examples = choose(50, 1);
  ASSERT_EQ(examples.size(), 10u);  // neither those without synonyms nor the long one
  for (const auto& example : examples) ASSERT_EQ(example.words.size(), 2u);
}

TEST_F(ChooseExamples, PlacesOfWordsAreCharacters) {
  const auto example = choose(1, 1)[0];
  const auto& dog = example.words[0];
  EXPECT_EQ(dog.word, "dog");
  EXPECT_EQ(dog.end - dog.begin, 3u);
  // "ï" is two bytes but one character.
  EXPECT_EQ(example.text.find("dog") - 1, dog.begin);
  EXPECT_EQ(dog.synonyms, (std::vector<std::string>{"man", "hound"}));
}

TEST_F(ChooseExamples, DependOnTheSeed) {
  EXPECT_EQ(choose(3, 1)[0].text, choose(3, 1)[0].text);
  bool differs = false;
  for (std::uint64_t seed = 2; seed < 6; ++seed) differs |= choose(1, seed)[0].text != choose(1, 1)[0].text;
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace conceptune::experiment
