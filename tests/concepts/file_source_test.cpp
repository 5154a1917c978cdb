#include "conceptune/concepts/file_source.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/messages.h"
#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

using test::TemporaryFolder;
using words::PartOfSpeech;
using Texts = std::vector<std::string>;

class FileSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    CONCEPTUNE_REQUIRE(path);
    tokenizer_ = tokenizer::Tokenizer::load(path);
  }

  FileSource source(const std::string& table, int max_synonyms = 10) const {
    return FileSource({folder_.write("table.tsv", table)}, tokenizer_, max_synonyms);
  }
  Texts synonyms(const FileSource& source, const std::string& word, PartOfSpeech pos,
                 const std::string& passage = "p") {
    Draft draft;
    draft.record.id = passage;
    draft.record.words.push_back({0, word, pos, {}});
    outcomes_ = source.fill({&draft, 1}, {});
    Texts texts;
    for (const auto& synonym : draft.record.words[0].synonyms) {
      EXPECT_EQ(synonym.ids, tokenizer_->encode_ids(" " + synonym.text));
      texts.push_back(synonym.text);
    }
    return texts;
  }
  std::string message(const std::string& table) {
    try {
      source(table);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  TemporaryFolder folder_;
  Outcomes outcomes_;
};

TEST_F(FileSourceTest, TheMostParticularRowDecides) {
  const auto table = source(
      "word\tpos\tpassage\tsynonyms\n"
      "run\t\t\tsprint\n"
      "run\tNOUN\t\tjog | race\n"
      "Run\t\tp1\toperate\n"
      "run\tNOUN\tp1\toperation\r\n"
      "\n"
      "calm\tADJ\t\t\n");
  EXPECT_EQ(synonyms(table, "run", PartOfSpeech::verb), Texts{"sprint"});
  EXPECT_EQ(synonyms(table, "Run", PartOfSpeech::noun), (Texts{"jog", "race"}));
  EXPECT_EQ(synonyms(table, "run", PartOfSpeech::verb, "p1"), Texts{"operate"});
  EXPECT_EQ(synonyms(table, "run", PartOfSpeech::noun, "p1"), Texts{"operation"});
  EXPECT_EQ(outcomes_, (Outcomes{1, 1, 0, 0, 0}));
  EXPECT_TRUE(synonyms(table, "calm", PartOfSpeech::adj).empty());
  EXPECT_EQ(outcomes_, (Outcomes{1, 0, 1, 0, 0}));
  EXPECT_TRUE(synonyms(table, "walk", PartOfSpeech::verb).empty());
  EXPECT_EQ(outcomes_, (Outcomes{1, 0, 0, 0, 1}));
}

TEST_F(FileSourceTest, KeepsEachSynonymOnceAndNeverTheWord) {
  EXPECT_EQ(synonyms(source("synonyms\tword\nfast|Quick|fast|rapid growth|brisk\tquick\n", 2), "quick",
                     PartOfSpeech::adj),
            (Texts{"fast", "rapid growth"}));
}

TEST_F(FileSourceTest, NamesTheLineAtFault) {
  EXPECT_NE(message("").find("the table is empty"), std::string::npos);
  EXPECT_NE(message("word\tsynonym\n").find("line 1: unknown column 'synonym'"), std::string::npos);
  EXPECT_NE(message("word\n").find("line 1: expected a line that names"), std::string::npos);
  EXPECT_NE(message("word\tsynonyms\n\tfast\n").find("line 2: a row without a word"), std::string::npos);
  EXPECT_NE(message("word\tsynonyms\tpos\na\tb\tnoun\n").find("line 2: unknown part of speech 'noun'"),
            std::string::npos);
  EXPECT_NE(message("word\tsynonyms\na\tb\nA\tc\n").find("line 3: a second row for 'a'"), std::string::npos);
  EXPECT_NE(message("word\tsynonyms\na\t\xff\n").find("line 2: invalid UTF-8"), std::string::npos);
  EXPECT_THROW(FileSource({}, tokenizer_, 1), InputError);
}

TEST_F(FileSourceTest, TakesTheJudgementOfAnOccurrence) {
  const auto table = source(
      "word\tpos\tpassage\tbegin\tsynonyms\trejected\tannotator\tdataset\n"
      "car\tNOUN\tp\t6\tauto\tvan\tann|bob\td\n"
      "car\t\t\t\ttruck\t\t\td\n"
      "red\tADJ\tp\t2\t\tpink\tann\td\n");
  Draft draft;
  draft.record = {"p", "A red car, a car", {1, 2, 3, 4, 5}, {}};
  draft.record.words = {{1, "red", PartOfSpeech::adj, {}, {2, 5}},
                        {2, "car", PartOfSpeech::verb, {}, {6, 9}},
                        {4, "car", PartOfSpeech::noun, {}, {13, 16}}};
  outcomes_ = table.fill({&draft, 1}, {});
  const auto& words = draft.record.words;
  EXPECT_EQ(outcomes_, (Outcomes{3, 2, 1, 0, 0}));
  EXPECT_TRUE(words[0].synonyms.empty());
  EXPECT_EQ(words[0].judges, 1U);
  EXPECT_EQ(words[1].synonyms.at(0).text, "auto");
  EXPECT_EQ(words[1].judges, 2U);
  EXPECT_EQ(words[2].synonyms.at(0).text, "truck");
  EXPECT_EQ(words[2].judges, 0U);
  EXPECT_EQ(table.made_from()["annotators"], Json({"ann", "bob"}));
}

TEST_F(FileSourceTest, HoldsJudgementsToThePassage) {
  const std::string head = "word\tsynonyms\tpassage\tbegin\n";
  const auto fill = [&](const std::string& rows) {
    const auto table = source(head + rows);
    Draft draft;
    draft.record = {"p", "A red car", {1, 2, 3}, {{2, "car", PartOfSpeech::noun, {}, {6, 9}}}};
    table.fill({&draft, 1}, {});
    table.fill({&draft, 1}, {});
  };
  std::vector<std::string> warnings;
  const MessageSink previous =
      set_message_sink([&](Severity, std::string_view text) { warnings.emplace_back(text); });
  fill("red\tpink\tp\t2\na\tone\tp\t0\ncar\tauto\tp\t6\ncar\tauto\tother\t99\n");
  set_message_sink(previous);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("line 3: 'a' at character 0 of passage p is no content word here"),
            std::string::npos);
  EXPECT_NE(
      test::refusal_of([&] { fill("dog\tcat\tp\t6\n"); }).find("line 2: 'dog' does not stand at character 6"),
      std::string::npos);
  EXPECT_NE(test::refusal_of([&] { fill("car\tcat\tp\t60\n"); }).find("'car' does not stand at character 60"),
            std::string::npos);
  EXPECT_NE(message(head + "car\ta\tp\t6\ncar\tb\tp\t6\n").find("conceptune dataset adjudicate"),
            std::string::npos);
}

}  // namespace
}  // namespace conceptune::concepts
