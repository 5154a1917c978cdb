#include "conceptune/concepts/wordnet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using words::PartOfSpeech;
using Words = std::vector<std::string>;

const fs::path kFolder = "/usr/share/wordnet";

const WordNet& wordnet() {
  static const auto database = WordNet::load(kFolder);
  return *database;
}

std::set<std::string> words_within(std::string_view word, PartOfSpeech pos,
                                   std::vector<WordNetRelation> relations, int depth, int distance) {
  std::set<std::string> found;
  const Synset first = wordnet().synsets(word, pos).at(0);
  for (const auto& related : wordnet().related(first, relations, depth))
    if (related.distance == distance)
      for (const auto& text : wordnet().words(related.synset)) found.insert(text);
  return found;
}

TEST(WordNet, FindsBaseForms) {
  CONCEPTUNE_REQUIRE(kFolder / "data.noun");
  const auto forms = [](std::string_view word, PartOfSpeech pos) { return wordnet().base_forms(word, pos); };
  EXPECT_EQ(forms("dogs", PartOfSpeech::noun), Words{"dog"});
  EXPECT_EQ(forms("boxesful", PartOfSpeech::noun), Words{"boxful"});
  EXPECT_EQ(forms("axes", PartOfSpeech::noun), (Words{"ax", "axis"}));
  // The first rule that leads to a word of the database decides: not also "hop" and "hat".
  EXPECT_EQ(forms("hoping", PartOfSpeech::verb), Words{"hope"});
  EXPECT_EQ(forms("hated", PartOfSpeech::verb), Words{"hate"});
  EXPECT_EQ(forms("saw", PartOfSpeech::verb), (Words{"saw", "see"}));
  EXPECT_EQ(forms("Larger", PartOfSpeech::adj), (Words{"larger", "large"}));
  EXPECT_EQ(forms("glass", PartOfSpeech::noun), Words{"glass"});
  EXPECT_EQ(forms("hot_dogs", PartOfSpeech::noun), Words{"hot dog"});
  // Two lines of the exception list, of which `wn` finds the one whose form is not in the database.
  EXPECT_EQ(forms("aurar", PartOfSpeech::noun), Words{"eyrir"});
  EXPECT_TRUE(forms("hardrock", PartOfSpeech::noun).empty());
  EXPECT_TRUE(forms("dogs", PartOfSpeech::adv).empty());
  EXPECT_TRUE(forms("", PartOfSpeech::noun).empty());
  EXPECT_TRUE(forms("dog(s", PartOfSpeech::noun).empty());
  EXPECT_TRUE(forms(std::string(100'000, '-'), PartOfSpeech::verb).empty());
}

Words split(const std::string& text, char separator) {
  Words parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// tests/reference/make_wordnet_golden.py asked `wn`.
TEST(WordNet, FindsTheBaseFormsThatItsOwnProgramShows) {
  CONCEPTUNE_REQUIRE(kFolder / "data.noun");
  std::ifstream golden(test::source("tests/reference/wordnet_base_forms.tsv"));
  int words = 0, known = 0;
  for (std::string line; std::getline(golden, line); ++words) {
    auto fields = split(line, '\t');
    fields.resize(4);
    const PartOfSpeech parts[] = {PartOfSpeech::noun, PartOfSpeech::verb, PartOfSpeech::adj};
    for (std::size_t i = 0; i < std::size(parts); ++i) {
      const Words expected = split(fields[i + 1], '|');
      EXPECT_EQ(wordnet().base_forms(fields[0], parts[i]), expected)
          << fields[0] << " as " << words::name_of(parts[i]);
      known += !expected.empty();
    }
  }
  EXPECT_GT(words, 5000);
  EXPECT_GT(known, 5000);
}

TEST(WordNet, KnowsSynsetsInTheOrderOfTheirSenses) {
  CONCEPTUNE_REQUIRE(kFolder / "data.noun");
  const auto& senses = wordnet().synsets("dog", PartOfSpeech::noun);
  ASSERT_EQ(senses.size(), 7U);
  EXPECT_EQ(wordnet().words(senses[0]), (Words{"dog", "domestic dog", "Canis familiaris"}));
  EXPECT_EQ(wordnet().words(senses[1]), (Words{"frump", "dog"}));
  EXPECT_EQ(wordnet().synsets("run", PartOfSpeech::verb).size(), 41U);
  EXPECT_TRUE(wordnet().synsets("dogs", PartOfSpeech::noun).empty());
}

TEST(WordNet, FollowsRelations) {
  CONCEPTUNE_REQUIRE(kFolder / "data.noun");
  using enum WordNetRelation;
  EXPECT_EQ(words_within("dog", PartOfSpeech::noun, {hypernym}, 1, 1),
            (std::set<std::string>{"canine", "canid", "domestic animal", "domesticated animal"}));
  EXPECT_TRUE(words_within("dog", PartOfSpeech::noun, {hypernym}, 2, 2).contains("carnivore"));
  EXPECT_TRUE(words_within("dog", PartOfSpeech::noun, {hyponym}, 1, 1).contains("puppy"));
  EXPECT_TRUE(words_within("dog", PartOfSpeech::noun, {coordinate}, 1, 1).contains("wolf"));
  // Two satellites of one head are two steps apart.
  EXPECT_TRUE(words_within("rapid", PartOfSpeech::adj, {similar_to}, 1, 1).contains("fast"));
  EXPECT_TRUE(words_within("rapid", PartOfSpeech::adj, {similar_to}, 2, 2).contains("hurrying"));
  EXPECT_EQ(words_within("dog", PartOfSpeech::noun, {}, 1, 1), std::set<std::string>{});
}

TEST(WordNet, RelationsAreMutual) {
  CONCEPTUNE_REQUIRE(kFolder / "data.noun");
  const auto reaches = [](Synset from, Synset to, WordNetRelation relation) {
    const auto related = wordnet().related(from, {relation}, 1);
    return std::any_of(related.begin(), related.end(), [&](const auto& r) { return r.synset == to; });
  };
  for (const char* word : {"fire", "storm", "government", "attack"})
    for (const Synset synset : wordnet().synsets(word, PartOfSpeech::noun))
      for (const auto& hyponym : wordnet().related(synset, {WordNetRelation::hyponym}, 1))
        EXPECT_TRUE(reaches(hyponym.synset, synset, WordNetRelation::hypernym)) << word;
}

// A database of two synsets to damage.
class BadWordNet : public ::testing::Test {
 protected:
  void SetUp() override {
    write("data.noun",
          "00000000 04 n 01 fire 0 001 ~ 00000050 n 0000 | a\n"
          "00000050 04 n 02 blaze 0 big_blaze(a) 1 001 @ 00000000 n 0000 | b\n");
    write("index.noun", "  1 licence\nfire n 1 1 ~ 1 0 00000000  \nbig_blaze n 1 1 @ 1 0 00000050  \n");
    write("noun.exc", "firae fire\n");
    for (const char* name : {"data.verb", "data.adj", "index.verb", "index.adj", "verb.exc", "adj.exc"})
      write(name, "");
  }
  void write(const char* name, const std::string& content) { folder_.write(name, content); }
  void replace(const char* name, std::string_view from, std::string_view to) {
    std::string content = read_file(folder_.path() / name, "test");
    content.replace(content.find(from), from.size(), to);
    write(name, content);
  }
  std::string message() {
    try {
      WordNet::load(folder_.path());
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  TemporaryFolder folder_;
};

TEST_F(BadWordNet, TheGoodOneLoads) {
  const auto small = WordNet::load(folder_.path());
  const auto& senses = small->synsets("big blaze", PartOfSpeech::noun);
  ASSERT_EQ(senses.size(), 1U);
  EXPECT_EQ(small->words(senses[0]), (Words{"blaze", "big blaze"}));
  EXPECT_EQ(small->related(senses[0], {WordNetRelation::hypernym}, 3).size(), 2U);
  EXPECT_EQ(small->base_forms("firae", PartOfSpeech::noun), Words{"fire"});
}

TEST_F(BadWordNet, RefusesAMissingFile) {
  fs::remove(folder_.path() / "index.adj");
  EXPECT_NE(message().find("index.adj"), std::string::npos);
}

TEST_F(BadWordNet, RefusesAWrongOffset) {
  replace("data.noun", "00000050 04", "00000051 04");
  EXPECT_NE(message().find("data.noun, line 2: the synset does not name its own offset 50"),
            std::string::npos);
}

TEST_F(BadWordNet, RefusesADanglingPointer) {
  replace("data.noun", "~ 00000050", "~ 00000049");
  EXPECT_NE(message().find("no synset at byte 49 of data.noun"), std::string::npos) << message();
}

TEST_F(BadWordNet, RefusesALyingCount) {
  replace("data.noun", "n 02 blaze", "n ff blaze");
  EXPECT_NE(message().find("line 2: 'ff', expected a number of at most"), std::string::npos) << message();
}

TEST_F(BadWordNet, RefusesALineThatEndsTooEarly) {
  replace("index.noun", "~ 1 0 00000000", "~ 1 0");
  EXPECT_NE(message().find("index.noun, line 2: the line ends too early"), std::string::npos) << message();
}

}  // namespace
}  // namespace conceptune::concepts
