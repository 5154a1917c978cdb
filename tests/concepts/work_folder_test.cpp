#include "conceptune/concepts/work_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

const Json kPlan = {{"model", "m"}};

FinishedBatch example_batch() {
  return {
      {3, 1, 1, 1, 0},
      {{"tokens", 2}},
      {{"ba7816bf8f01cfea", "abc", {1, 2}, {{1, "c", words::PartOfSpeech::noun, {{{5}, "d", 1.0 / 3}}}}}}};
}

std::string message_of(const fs::path& output, const Json& plan) {
  try {
    const WorkFolder work(output, plan);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(WorkFolder, KeepsBatchesUntilRemoved) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "dataset";
  {
    const WorkFolder work(output, kPlan);
    EXPECT_FALSE(work.has(3));
    work.write(3, example_batch());
  }
  WorkFolder work(output, kPlan);
  ASSERT_TRUE(work.has(3));
  EXPECT_EQ(work.read(3).outcomes, example_batch().outcomes);
  EXPECT_EQ(work.read(3).word_counts, example_batch().word_counts);
  EXPECT_EQ(work.read(3).records, example_batch().records);
  work.remove();
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(WorkFolder, IsTheSameWithASeparatorAtTheEnd) {
  const TemporaryFolder folder;
  WorkFolder(folder.path() / "dataset/", kPlan).write(0, example_batch());
  EXPECT_TRUE(WorkFolder(folder.path() / "dataset", kPlan).has(0));
}

TEST(WorkFolder, RefusesAnotherHolder) {
  const TemporaryFolder folder;
  const WorkFolder work(folder.path() / "dataset", kPlan);
  EXPECT_NE(message_of(folder.path() / "dataset", kPlan).find("another process is writing this dataset"),
            std::string::npos);
  EXPECT_EQ(message_of(folder.path() / "other", kPlan), "no error");
}

TEST(WorkFolder, IsFreeWhenItsHolderWasKilled) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "dataset";
  const pid_t child = ::fork();
  if (child == 0) {
    const WorkFolder work(output, kPlan);
    work.write(0, example_batch());
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(WorkFolder(output, kPlan).has(0));
}

TEST(WorkFolder, RefusesAnotherPlan) {
  const TemporaryFolder folder;
  { const WorkFolder work(folder.path() / "dataset", kPlan); }
  EXPECT_NE(message_of(folder.path() / "dataset", {{"model", "n"}}).find("remove it to begin anew"),
            std::string::npos);
  EXPECT_EQ(message_of(folder.path() / "dataset", kPlan), "no error");
}

TEST(WorkFolder, ReportsADamagedBatch) {
  const TemporaryFolder folder;
  const WorkFolder work(folder.path() / "dataset", kPlan);
  work.write(0, example_batch());
  write_file_atomically(folder.path() / ".dataset.work/batch-00000000.jsonl", "");
  EXPECT_THROW(work.read(0), InputError);
}

}  // namespace
}  // namespace conceptune::concepts
