#include "conceptune/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/report/sample_results.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::report {
namespace {

using testing::HasSubstr;
using testing::Not;

struct ReportTest : testing::Test {
  test::TemporaryFolder folder;
  experiment::RunStore store{folder.path(), experiment::RunStore::Access::read_write};
};

TEST_F(ReportTest, IsMadeFromTheStoreAlone) {
  store.replace_results(sample_results());
  store.set_fact("title", "Quickstart");
  store.set_fact("config", "epochs = 1\n");
  store.set_fact("conceptune", "0.1.0");
  store.add_stage_run({"train", "k", "concept_weight 0.5", 10, "interrupted", "2026-01-01 00:00:00"});
  store.add_stage_run({"train", "k", "concept_weight 0.5", 2.25, "done", "2026-01-01 00:01:00"});
  store.add_stage_run({"train", "k", "concept_weight 0.5", 0.5, "reused", "2026-01-01 00:02:00"});
  const auto page = write_report(store);
  const std::string html = read_file(page, "reading");
  EXPECT_THAT(html, HasSubstr("<title>Quickstart</title>"));
  EXPECT_THAT(html, HasSubstr("<pre>epochs = 1\n</pre>"));
  EXPECT_THAT(html, HasSubstr("<td>12.2</td>"));  // both attempts that did something
  EXPECT_THAT(html, Not(HasSubstr("nan")));
  for (const char* name : {"summary", "measurements", "comparisons", "stages", "inputs"})
    for (const char* extension : {".csv", ".md", ".tex"})
      EXPECT_TRUE(std::filesystem::exists(folder.path() / "tables" / (std::string(name) + extension)))
          << name;
}

TEST_F(ReportTest, ReplacesNoPageButItsOwn) {
  store.replace_results(sample_results());
  write_report(store);
  EXPECT_NO_THROW(write_report(store));
  folder.write("report.html", "my notes");
  EXPECT_THROW(write_report(store), InputError);
  EXPECT_EQ(read_file(folder.path() / "report.html", "reading"), "my notes");
}

TEST_F(ReportTest, RefusesResultsThatNoEvaluationGave) {
  store.replace_results(sample_results());
  const auto evaluation = folder.path() / "products" / "evaluate-k";
  store.add_product({"k", "evaluate", store.product_folder("evaluate", "k"), Json::object()});
  evaluation::write_results(evaluation / "results.json", sample_results().evaluations[0].results);
  EXPECT_NO_THROW(write_report(store));
  auto altered = sample_results();
  altered.evaluations[0].results.measurements[0].value.value = 0.95;
  store.replace_results(altered);
  EXPECT_THROW(write_report(store), InputError);
}

TEST_F(ReportTest, RefusesAStoreThatWasTamperedWith) {
  store.replace_results(sample_results());
  Database(folder.path() / "run.sqlite", Database::Access::read_write)
      .run("UPDATE examples SET words = '[{\"begin\":99999,\"end\":-5}]'");
  try {
    write_report(store);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("run.sqlite: holds what the program never writes"));
  }
}

TEST_F(ReportTest, WithoutResultsIsAnError) { EXPECT_THROW(write_report(store), InputError); }

TEST_F(ReportTest, SummaryFitsATerminal) {
  const std::string text = summary_text(sample_results());
  EXPECT_THAT(text, HasSubstr("simlex999 Spearman ↑"));
  EXPECT_THAT(text, HasSubstr("0.2900 +0.0700*"));
}

}  // namespace
}  // namespace conceptune::report
