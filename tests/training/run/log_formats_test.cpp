// CSV by example, event files against what the tensorboard package writes
// (tests/reference/make_event_file_golden.py).
#include "conceptune/training/run/log_formats.h"

#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "conceptune/training/models/passes.h"
#include "conceptune/training/run/training_log.h"
#include "tests/support/inputs.h"

namespace conceptune::training {
namespace {

std::vector<Json> lines() { return read_training_log(test::source("tests/reference/training_log.jsonl")); }

TEST(CsvLog, HasOneRowForEachPointAndEmptyCellsForWhatItLacks) {
  std::string rows;
  for (const Json& line : lines()) rows += csv_row(line);
  EXPECT_EQ(rows,
            "training,10,0,2.5,3.25,1.75,,,41,,,,,,,6.9e-05,0.30000000000000004,900\n"
            "validation,10,0,2.0,2.125,1.875,,,0,,,,,,,,,\n"
            "training,300,2,1e-06,0.0,-0.5,,,300,,,,,,,0.0,12345.678,40000000\n");
}

TEST(CsvLog, HasAColumnForEveryMean) {
  std::string header = csv_header();
  header.insert(0, 1, ',');
  header.back() = ',';  // instead of the line feed
  const Json means = means_of({}, {});
  for (const auto& [name, value] : means.items())
    EXPECT_NE(header.find("," + name + ","), std::string::npos) << name;
}

TEST(EventFile, EqualsTensorBoardsOwn) {
  std::string bytes = event_file_header();
  for (const Json& line : lines()) bytes += event_record(line);
  EXPECT_EQ(bytes, read_file(test::source("tests/reference/training_log.tfevents"), "reading"));
}

TEST(EventFile, LinesWithoutPointsGiveNothing) {
  EXPECT_EQ(event_record({{"type", "data"}}), "");
  EXPECT_EQ(csv_row({{"type", "predictions"}, {"step", 3}}), "");
}

}  // namespace
}  // namespace conceptune::training
