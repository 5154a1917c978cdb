#include "conceptune/concepts/wordnet.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "conceptune/base/error.h"
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

// A small database to damage.
class BadWordNet : public ::testing::Test {
 protected:
  void SetUp() override {
    files_["data.noun"] =
        "00000000 04 n 01 fire 0 001 ~ 00000050 n 0000 | a\n"
        "00000050 04 n 02 blaze 0 Big_Blaze(a) 1 001 @ 00000000 n 0000 | b\n";
    files_["index.noun"] =
        "  1 licence\nfire n 1 1 ~ 1 0 00000000  \nblaze n 1 1 @ 1 0 00000050\n"
        "big_blaze n 1 1 @ 1 0 00000050  \n";
    files_["noun.exc"] = "firae fire\n";
    files_["data.verb"] = "00000000 04 v 01 burn 0 001 + 00000000 n 0101 01 + 02 00 | c\n";
    files_["index.verb"] = "burn v 1 1 + 1 0 00000000  \n";
    files_["verb.exc"] = "burnt burn\n";
    files_["data.adj"] = "00000000 04 s 01 hot 0 001 & 00000000 a 0000 | d\n";
    files_["index.adj"] = "hot a 1 1 & 1 0 00000000  \n";
    files_["adj.exc"] = "hotter hot\n";
  }
  void replace(const char* name, std::string_view from, std::string_view to) {
    std::string& content = files_.at(name);
    content.replace(content.find(from), from.size(), to);
  }
  std::shared_ptr<const WordNet> read() const {
    return WordNet::read([&](const std::string& name) { return files_.at(name); }, "w");
  }
  std::string message() const {
    try {
      read();
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  std::map<std::string, std::string> files_;
};

TEST_F(BadWordNet, TheGoodOneIsRead) {
  const auto small = read();
  const auto& senses = small->synsets("big blaze", PartOfSpeech::noun);
  ASSERT_EQ(senses.size(), 1U);
  EXPECT_EQ(small->words(senses[0]), (Words{"blaze", "Big Blaze"}));
  EXPECT_EQ(small->related(senses[0], {WordNetRelation::hypernym}, 3).size(), 2U);
  EXPECT_EQ(small->base_forms("firae", PartOfSpeech::noun), Words{"fire"});
}

TEST_F(BadWordNet, RefusesAMissingFile) {
  const TemporaryFolder folder;
  for (const auto& [name, content] : files_)
    if (name != "index.adj") folder.write(name, content);
  try {
    WordNet::load(folder.path());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("index.adj"), std::string::npos) << error.what();
  }
}

// Of an exception list cut between two lines nobody can know.
TEST_F(BadWordNet, RefusesEveryFileThatIsCutOff) {
  for (auto& [name, content] : files_) {
    const std::string whole = content;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      content = whole.substr(0, size);
      EXPECT_NE(message().find(name), std::string::npos) << name << " " << size << ": " << message();
    }
    content = whole;
  }
}

TEST_F(BadWordNet, RefusesBytesThatAreNoText) {
  for (auto& [name, content] : files_) {
    const std::string whole = content;
    for (const char bad : {'\0', '\t', '\r', '\x1b', '\x7f', '\xff'})
      for (std::size_t i = 0; i < whole.size(); ++i) {
        content[i] = bad;
        EXPECT_NE(message().find(fmt::format("{} at byte {}", bad == '\xff' ? "UTF-8" : "character", i)),
                  std::string::npos)
            << name << ": " << message();
        content = whole;
      }
  }
}

TEST_F(BadWordNet, NamesTheLineAndWhatIsWrong) {
  struct Damage {
    const char *file, *from, *to, *message;
  };
  const Damage damages[] = {
      {"data.noun", "00000050 04", "00000051 04",
       "data.noun, line 2: the synset does not name its own offset 50"},
      {"data.noun", "~ 00000050", "~ 00000049", "data.noun, line 1: no synset at byte 49 of data.noun"},
      {"data.noun", "n 02 blaze", "n ff blaze", "data.noun, line 2: 'ff', expected a number of at most"},
      {"data.noun", "n 02 blaze", "n 00 blaze", "data.noun, line 2: a synset without words"},
      {"data.noun", "04 n 02", "04 v 02", "data.noun, line 2: 'v', expected a letter of 'n'"},
      {"data.noun", "n 0000 | a", "x 0000 | a", "data.noun, line 1: 'x', expected a letter of 'nvasr'"},
      {"data.noun", "| a", "! a", "data.noun, line 1: expected | and the gloss"},
      {"data.noun", "01 fire", "01 file", "index.noun, line 2: 'fire' is no word of a synset that it names"},
      {"data.verb", "01 + 02 00 |", "02 + 02 00 |", "data.verb, line 1: the line ends too early"},
      {"index.noun", "blaze n 1 1 @ 1 0 00000050\n", "",
       "data.noun, line 2: 'blaze' of this synset is missing in"},
      {"index.noun", "blaze n", "fire n", "index.noun, line 3: 'fire' for the second time"},
      {"index.noun", "~ 1 0 00000000", "~ 1 0", "index.noun, line 2: the line ends too early"},
      {"index.noun", "00000050\n", "00000050 00000000\n",
       "index.noun, line 3: more fields than it announces"},
      {"index.noun", "00000050\n", "00000007\n", "index.noun, line 3: no synset at byte 7 of data.noun"},
      {"index.noun", "fire n 1", "fire v 1", "index.noun, line 2: 'v', expected a letter of 'n'"},
      {"index.noun", "fire n 1 1 ~", "fire n 0 1 ~", "index.noun, line 2: a word without synsets"},
      {"index.adj", "hot a", "\nhot a", "index.adj, line 1: the line ends too early"},
      {"noun.exc", "firae fire", "firae", "noun.exc, line 1: the line ends too early"},
  };
  for (const auto& [file, from, to, expected] : damages) {
    SetUp();
    replace(file, from, to);
    EXPECT_NE(message().find(expected), std::string::npos) << message();
  }
}

}  // namespace
}  // namespace conceptune::concepts
