#include "conceptune/concepts/concept_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;
using Texts = std::vector<std::string>;

const std::string kHead = "dataset\tannotator\tpassage\tbegin\tword\tpos\tsynonyms\tadded\trejected\n";

TEST(ConceptTable, OfJudgementsSurvivesAnyText) {
  const TemporaryFolder folder;
  const std::string hostile = " \\t\ta|b\n\r\x1b</script> ";
  const ConceptTable table{
      "", "d\\", {{hostile, "NOUN", hostile, 7U, {hostile + "1", "x"}, {"|"}, {"x"}, {"ann|b"}}}};
  write_judgement_table(table, folder.path() / "t.tsv", {});
  const ConceptTable read = read_concept_table(folder.path() / "t.tsv");
  ASSERT_EQ(read.rows.size(), 1U);
  const ConceptRow& row = read.rows[0];
  EXPECT_EQ(read.dataset, "d\\");
  EXPECT_EQ(row.word, hostile);
  EXPECT_EQ(row.passage, hostile);
  EXPECT_EQ(row.begin, 7U);
  EXPECT_EQ(row.synonyms, (Texts{hostile + "1", "x"}));
  EXPECT_EQ(row.rejected, Texts{"|"});
  EXPECT_EQ(row.added, Texts{"x"});
  EXPECT_EQ(row.annotators, Texts{"ann|b"});
  EXPECT_EQ(read.where(row), (folder.path() / "t.tsv").string() + ", line 2");
}

TEST(ConceptTable, WithoutADatasetTakesBackslashesAsTheyStand) {
  const TemporaryFolder folder;
  const auto table = read_concept_table(folder.write("t.tsv", "word\tsynonyms\na\\b\tx\\t | y\n"));
  EXPECT_EQ(table.rows.at(0).word, "a\\b");
  EXPECT_EQ(table.rows.at(0).synonyms, (Texts{"x\\t", "y"}));
}

TEST(ConceptTable, NamesTheLineAtFault) {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& content) {
    return test::refusal_of([&] { read_concept_table(folder.write("t.tsv", content)); });
  };
  EXPECT_THAT(message(kHead + "d\ta\tp\t1x\tw\tNOUN\t\t\t\n"), HasSubstr("line 2: begin is '1x'"));
  EXPECT_THAT(message(kHead + "d\ta\tp\t-1\tw\tNOUN\t\t\t\n"), HasSubstr("line 2: begin is '-1'"));
  EXPECT_THAT(message(kHead + "d\ta\tp\t99999999999\tw\tNOUN\t\t\t\n"), HasSubstr("begin is '99999999999'"));
  EXPECT_THAT(message(kHead + "d\ta\t\t1\tw\tNOUN\t\t\t\n"), HasSubstr("line 2: a place (begin) without"));
  EXPECT_THAT(message(kHead + "d\ta\tp\t1\tw\tNOUN\tx\\q\t\t\n"), HasSubstr("line 2: a backslash without"));
  EXPECT_THAT(message(kHead + "d\ta\tp\t1\tw\tNOUN\tx\\"), HasSubstr("line 2: a backslash without"));
  EXPECT_THAT(message(kHead + "d\ta\tp\t1\tw\tNOUN\tx\t\tx\n"),
              HasSubstr("'x' both among synonyms and rejected"));
  EXPECT_THAT(message(kHead + "d\ta\tp\t1\tw\tNOUN\tx\ty\t\n"), HasSubstr("'y' was added and is not among"));
  EXPECT_THAT(message(kHead + "d\ta\tp\t1\tw\tNOUN\t\t\t\ne\ta\tp\t2\tw\tNOUN\t\t\t\n"),
              HasSubstr("line 3: judges dataset 'e', the rows before 'd'"));
}

TEST(ConceptTable, ReplacesATableAlone) {
  const TemporaryFolder folder;
  const auto notes = folder.write("notes.tsv", "mine");
  EXPECT_THROW(write_judgement_table({}, {notes, Existing::replace}, {}), InputError);
  write_judgement_table({}, folder.path() / "t.tsv", {});
  EXPECT_THROW(write_judgement_table({}, folder.path() / "t.tsv", {}), InputError);
  write_judgement_table({}, {folder.path() / "t.tsv", Existing::replace}, {});
  EXPECT_EQ(read_file(folder.path() / "t.tsv", "test"), kHead);
}

}  // namespace
}  // namespace conceptune::concepts
