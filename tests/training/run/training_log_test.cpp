#include "conceptune/training/run/training_log.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/training/run/log_formats.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::training {
namespace {

TEST(TrainingLogFile, GoesOnBehindTheBytesOfACheckpoint) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "log.jsonl";
  std::int64_t bytes = 0;
  {
    TrainingLog log(path, 0);
    log.add({{"step", 1}});
    bytes = log.bytes();
    log.add({{"step", 2}});  // after the checkpoint: lost with the process that wrote it
  }
  {
    TrainingLog log(path, bytes);
    log.add({{"step", 3}});
    log.sync();
  }
  EXPECT_EQ(read_file(path, "reading"), "{\"step\":1}\n{\"step\":3}\n");
  EXPECT_EQ(read_training_log(path).size(), 2u);
}

TEST(TrainingLogFile, TheOtherFilesHoldEachKeptPointOnce) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "log.jsonl";
  const auto point = [](int step) -> Json { return {{"type", "training"}, {"step", step}, {"loss", 0.5}}; };
  std::int64_t bytes = 0;
  {
    TrainingLog log(path, 0);
    log.add({{"type", "data"}});
    log.add(point(1));
    bytes = log.bytes();
    log.add(point(2));
  }
  {
    TrainingLog log(path, bytes);
    log.add(point(2));
    log.add(point(3));
    log.sync();
  }
  std::string csv = csv_header(), events = event_file_header();
  for (const int step : {1, 2, 3}) {
    csv += csv_row(point(step));
    events += event_record(point(step));
  }
  EXPECT_EQ(read_file(folder.path() / "log.csv", "reading"), csv);
  EXPECT_EQ(read_file(folder.path() / "events.out.tfevents.0.conceptune", "reading"), events);
}

TEST(TrainingLogFile, TheOtherFilesAreOptions) {
  const test::TemporaryFolder folder;
  LogOptions options;
  options.csv = options.tensorboard = false;
  const TrainingLog log(folder.path() / "log.jsonl", 0, options);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "log.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "events.out.tfevents.0.conceptune"));
}

TEST(TrainingLogFile, ReadingNamesTheBadLine) {
  const test::TemporaryFolder folder;
  try {
    read_training_log(folder.write("log.jsonl", "{}\n[]\n"));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace conceptune::training
