#include "conceptune/training/training_log.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/full_disk.h"

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

TEST(TrainingLogFile, ShorterThanTheCheckpointIsAnError) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(TrainingLog(folder.write("log.jsonl", "{}\n"), 4), InputError);
  EXPECT_THROW(TrainingLog(folder.path() / "no" / "log.jsonl", 0), SystemError);
}

TEST(TrainingLogFile, AFullDiskKeepsLinesInMemory) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "log.jsonl";
  TrainingLog log(path, 0);
  {
    const test::FullDisk full(5);
    log.add({{"step", 1}});
    log.add({{"step", 2}});
    EXPECT_THROW(log.sync(), SystemError);
  }
  EXPECT_EQ(log.bytes(), 22);
  log.sync();
  EXPECT_EQ(read_file(path, "reading"), "{\"step\":1}\n{\"step\":2}\n");
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
