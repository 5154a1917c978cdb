// The loop on a tiny model: it learns, stops, resumes to the bit, survives faults.
#include "conceptune/training/trainer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <limits>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/full_disk.h"
#include "tests/training/tiny_model.h"

namespace conceptune::training {
namespace {

namespace fs = std::filesystem;
using conceptune::test::FullDisk;
using conceptune::test::TemporaryFolder;
using test::tiny_data;
using test::TinyModel;

/// Runs sync every checkpoint to the disk, which a folder in memory makes quick.
class FoldersInMemory : public testing::Environment {
  void SetUp() override {
    if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);
  }
};
const auto* const kFoldersInMemory = testing::AddGlobalTestEnvironment(new FoldersInMemory);

/// 40 steps of five epochs: 17 passages in batches of two, the last of one.
TrainingOptions forty_steps() {
  TrainingOptions options;
  options.max_steps = 40;
  options.evaluate_every = 7;
  options.log_every = 3;
  options.patience = 0;
  options.optimizer.learning_rate = 0.02;
  options.optimizer.weight_decay = 0.05;
  options.optimizer.schedule = Schedule::cosine;
  options.optimizer.warmup = 0.1;
  options.batch.accumulation = 1;
  options.checkpoint.every_seconds = 0;
  return options;
}

/// Stops when a step is reached.
struct StopAt : ProgressObserver {
  explicit StopAt(std::int64_t at) : step(at) {}
  void begin(std::string_view, std::int64_t, std::string_view) override {}
  void update(std::int64_t done, std::string_view note) override {
    last_note = note;
    if (done >= step) stop.request_stop();
  }
  void end() override {}
  std::int64_t step;
  std::string last_note;
  std::stop_source stop;
};

/// The files whose bytes a stop must not change.
std::vector<std::string> products(const fs::path& folder) {
  std::vector<std::string> contents;
  for (const char* name : {"last/model.safetensors", "best/model.safetensors", "best/README.md", "log.jsonl",
                           "checkpoints/step-00000040/tensors.safetensors"})
    contents.push_back(read_file(folder / name, "reading"));
  return contents;
}

void train_until(std::int64_t step, const fs::path& folder, const TrainingOptions& options) {
  StopAt observer(step);
  EXPECT_THROW(train(TinyModel(), tiny_data(), options, folder, &observer, observer.stop.get_token()),
               Interrupted);
}

TEST(Trainer, LossFallsAndTheResultDescribesTheRun) {
  const TemporaryFolder folder;
  TrainingOptions options = forty_steps();
  StopAt never(1000);
  const auto result = train(TinyModel(), tiny_data(), options, folder.path(), &never);
  EXPECT_EQ(result.steps, 40);
  EXPECT_EQ(result.training_losses.size(), 14u);   // every third step and the last
  EXPECT_EQ(result.validation_losses.size(), 6u);  // 7, 14, … 35 and 40
  EXPECT_LT(result.training_losses.back().loss, 0.9 * result.training_losses.front().loss);
  EXPECT_EQ(result.adapter, folder.path() / "best");
  EXPECT_EQ(never.last_note.substr(0, 5), "loss ");
  double best = std::numeric_limits<double>::infinity();
  for (const auto& point : result.validation_losses) best = std::min(best, point.loss);
  EXPECT_EQ(result.best_loss, best);
  EXPECT_GT(result.tokens, 0);
}

TEST(Trainer, StoppingAnywhereAndResumingGivesTheSameBytes) {
  const TrainingOptions options = forty_steps();
  const TemporaryFolder straight;
  train(TinyModel(), tiny_data(), options, straight.path());
  const auto expected = products(straight.path());
  for (std::int64_t step = 1; step < 40; ++step) {
    const TemporaryFolder folder;
    train_until(step, folder.path(), options);
    train(TinyModel(), tiny_data(), options, folder.path());
    EXPECT_EQ(products(folder.path()), expected) << "stopped at " << step;
  }
}

TEST(Trainer, ManyStopsAndUnequalBatchesGiveTheSameBytes) {
  TrainingOptions options = forty_steps();
  options.batch.tokens = 12;
  options.batch.accumulation = 2;
  options.objective.loss = Loss::blended;
  options.epochs = 20;
  const TemporaryFolder straight, folder;
  train(TinyModel(), tiny_data(), options, straight.path());
  for (const std::int64_t step : {4, 5, 14, 15, 39}) train_until(step, folder.path(), options);
  train(TinyModel(), tiny_data(), options, folder.path());
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(Trainer, AKilledProcessLosesOnlyWhatFollowedTheCheckpoint) {
  TrainingOptions options = forty_steps();
  const TemporaryFolder straight, folder;
  train(TinyModel(), tiny_data(), options, straight.path());
  options.checkpoint.every_steps = 4;
  // The signal arrives at whatever moment of the program; each session gets further than the one before.
  for (const std::int64_t step : {3, 9, 23, 38}) {
    const pid_t child = ::fork();
    if (child == 0) {
      struct KillAt : StopAt {
        using StopAt::StopAt;
        void update(std::int64_t done, std::string_view) override {
          if (done >= step) ::kill(::getpid(), SIGKILL);
        }
      } killer(step);
      train(TinyModel(), tiny_data(), options, folder.path(), &killer);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }
  train(TinyModel(), tiny_data(), options, folder.path());
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(Trainer, DamagedCheckpointsLeadBackToTheOneBefore) {
  TrainingOptions options = forty_steps();
  const TemporaryFolder straight, folder;
  train(TinyModel(), tiny_data(), options, straight.path());
  options.checkpoint.every_steps = 4;
  train_until(18, folder.path(), options);
  fs::resize_file(folder.path() / "checkpoints/step-00000018/tensors.safetensors", 100);
  train(TinyModel(), tiny_data(), options, folder.path());
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(Trainer, AFullDiskIsSurvivedUntilItHasRoomAgain) {
  struct Refill : StopAt {
    using StopAt::StopAt;
    void update(std::int64_t done, std::string_view) override {
      if (done == 10) disk.emplace(16);
      if (done == 30) disk.reset();
    }
    std::optional<FullDisk> disk;
  } observer(0);
  int warnings = 0;
  const auto previous =
      set_message_sink([&](Severity severity, auto) { warnings += severity == Severity::warning; });
  const TrainingOptions options = forty_steps();
  const TemporaryFolder straight, folder;
  train(TinyModel(), tiny_data(), options, straight.path());
  train(TinyModel(), tiny_data(), options, folder.path(), &observer);
  set_message_sink(previous);
  EXPECT_GE(warnings, 3);  // the log, and the checkpoints at steps 14 to 28
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(Trainer, EarlyStoppingKeepsTheBest) {
  TrainingOptions options = forty_steps();
  options.optimizer.learning_rate = 1.5;  // far too large: validation soon gets worse
  options.optimizer.schedule = Schedule::constant;
  options.evaluate_every = 2;
  options.patience = 3;
  const TemporaryFolder folder;
  const auto result = train(TinyModel(), tiny_data(), options, folder.path());
  EXPECT_TRUE(result.stopped_early);
  EXPECT_EQ(result.steps, result.best_step + 6);
  EXPECT_NE(read_file(folder.path() / "best/model.safetensors", ""),
            read_file(folder.path() / "last/model.safetensors", ""));
}

TEST(Trainer, EvaluationDoesNotChangeTraining) {
  TrainingOptions options = forty_steps();
  const TemporaryFolder often, never;
  train(TinyModel(), tiny_data(), options, often.path());
  TrainingData data = tiny_data();
  data.validation.clear();
  const auto result = train(TinyModel(), data, options, never.path());
  EXPECT_EQ(read_file(often.path() / "last/model.safetensors", ""),
            read_file(never.path() / "last/model.safetensors", ""));
  EXPECT_EQ(result.adapter, never.path() / "last");
}

TEST(Trainer, AFinishedRunIsNotRepeated) {
  const TemporaryFolder folder;
  const auto first = train(TinyModel(), tiny_data(), forty_steps(), folder.path());
  const auto time = fs::last_write_time(folder.path() / "log.jsonl");
  const auto second = train(TinyModel(), tiny_data(), forty_steps(), folder.path());
  EXPECT_EQ(fs::last_write_time(folder.path() / "log.jsonl"), time);
  EXPECT_EQ(second.best_loss, first.best_loss);
  EXPECT_EQ(second.seconds, first.seconds);
}

TEST(Trainer, UselessGradientsStopBeforeTheUpdate) {
  for (const auto& [scale, expected] :
       {std::pair{0.0, "the gradient is 0"}, {std::nan(""), "the loss is nan"}}) {
    const TemporaryFolder folder;
    TinyModel model;
    model.scale = scale;
    const at::Tensor before = model.parameters()[0].tensor.detach().clone();
    try {
      train(model, tiny_data(), forty_steps(), folder.path());
      FAIL() << expected;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << error.what();
    }
    EXPECT_TRUE(at::equal(model.parameters()[0].tensor, before));
  }
}

TEST(Trainer, DataThatPredictsNothingIsRefused) {
  const TemporaryFolder folder;
  EXPECT_THROW(train(TinyModel(), {}, forty_steps(), folder.path()), InputError);
  TrainingData data = tiny_data();
  data.training[3].tokens.resize(1);
  EXPECT_THROW(train(TinyModel(), data, forty_steps(), folder.path()), InputError);
}

}  // namespace
}  // namespace conceptune::training
