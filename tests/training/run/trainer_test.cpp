// The loop on a tiny model: it learns, stops, resumes to the bit, survives faults.
#include "conceptune/training/run/trainer.h"

#include <gtest/gtest.h>

#include <limits>

#include "conceptune/base/checkpoint_request.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/file_lock.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/product.h"
#include "conceptune/training/run/training_log.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/full_disk.h"
#include "tests/training/tiny_runs.h"

namespace conceptune::training {
namespace {

namespace fs = std::filesystem;
using conceptune::test::FullDisk;
using conceptune::test::TemporaryFolder;
using namespace test;

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
  const OneThread one_thread;  // the next test has several
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
  options.epochs = 20;
  for (const Loss& loss : Loss::all()) {
    options.objective.loss = loss;
    const TemporaryFolder straight, folder;
    train(TinyModel(), tiny_data(), options, straight.path());
    for (const std::int64_t step : {4, 5, 14, 15, 39}) train_until(step, folder.path(), options);
    train(TinyModel(), tiny_data(), options, folder.path());
    EXPECT_EQ(products(folder.path()), products(straight.path())) << loss.name();
  }
}

TEST(Trainer, AKilledProcessLosesOnlyWhatFollowedTheCheckpoint) {
  const OneThread one_thread;
  TrainingOptions options = forty_steps();
  const TemporaryFolder straight, folder;
  train(TinyModel(), tiny_data(), options, straight.path());
  options.checkpoint.every_steps = 4;
  // The signal arrives at whatever moment of the program; each session gets further than the one before.
  for (const std::int64_t step : {3, 9, 23, 38}) train_and_die_at(step, folder.path(), options);
  train(TinyModel(), tiny_data(), options, folder.path());
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(Trainer, AProcessKilledAfterAnyStepIsResumedToTheSameBytes) {
  const OneThread one_thread;
  TrainingOptions options = forty_steps();
  const TemporaryFolder straight;
  train(TinyModel(), tiny_data(), options, straight.path());
  const auto expected = products(straight.path());
  options.checkpoint.every_steps = 5;
  for (std::int64_t step = 1; step < 40; ++step) {
    const TemporaryFolder folder;
    train_and_die_at(step, folder.path(), options);
    train(TinyModel(), tiny_data(), options, folder.path());
    EXPECT_EQ(products(folder.path()), expected) << "killed after " << step;
  }
}

TEST(Trainer, ARequestedCheckpointIsWrittenAndTrainingGoesOn) {
  struct Request : StopAt {
    Request(fs::path folder) : StopAt(1000), folder_(std::move(folder)) {}
    void update(std::int64_t done, std::string_view) override {
      if (done == 16) request_checkpoint();
      written = written || fs::exists(folder_ / "checkpoints/step-00000016");
    }
    bool written = false;

   private:
    fs::path folder_;
  };
  const TemporaryFolder straight, folder;
  train(TinyModel(), tiny_data(), forty_steps(), straight.path());
  Request observer(folder.path());
  const auto result = train(TinyModel(), tiny_data(), forty_steps(), folder.path(), &observer);
  EXPECT_TRUE(observer.written);
  EXPECT_EQ(result.steps, 40);
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(Trainer, LogsTheDataAndPredictionsForPrompts) {
  const TemporaryFolder folder;
  TrainingData data = tiny_data();
  data.prompts = {{"a prompt"}, {{1, 2}}, [](std::int32_t id) { return std::to_string(id); }};
  TrainingOptions options = forty_steps();
  options.log.prompt_tokens = 2;
  const auto result = train(TinyModel(), data, options, folder.path());
  EXPECT_EQ(result.training_losses.size(), 14u);
  const auto lines = read_training_log(folder.path() / "log.jsonl");
  EXPECT_EQ(lines[0]["training"]["passages"], 17);
  EXPECT_EQ(lines[0]["validation"]["passages"], 4);
  std::size_t predictions = 0;
  for (const auto& line : lines) {
    if (line["type"] != "predictions") continue;
    EXPECT_EQ(line["prompts"][0]["tokens"].size(), 2u);
    ++predictions;
  }
  EXPECT_EQ(predictions, result.validation_losses.size());
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
    const model::Matrix before = conceptune::test::copy_of(model.parameters()[0].matrix);
    try {
      train(model, tiny_data(), forty_steps(), folder.path());
      FAIL() << expected;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << error.what();
    }
    EXPECT_TRUE(conceptune::test::equal(model.parameters()[0].matrix, before));
  }
}

TEST(Trainer, ANonFiniteGradientStopsThoughTheLossIsFinite) {
  struct Overflowing : TinyModel {
    ObjectiveSums add_gradient(const model::PackedBatch& batch, const Targets& targets,
                               const Denominators& denominators, const ObjectiveOptions& options,
                               std::uint64_t dropout_seed, std::span<float> gradient) const override {
      const auto sums =
          TinyModel::add_gradient(batch, targets, denominators, options, dropout_seed, gradient);
      gradient.front() = std::numeric_limits<float>::infinity();
      return sums;
    }
  } const model;
  const TemporaryFolder folder;
  const model::Matrix before = conceptune::test::copy_of(model.parameters()[0].matrix);
  EXPECT_THROW(train(model, tiny_data(), forty_steps(), folder.path()), Error);
  EXPECT_TRUE(conceptune::test::equal(model.parameters()[0].matrix, before));
}

TEST(Trainer, ALimitOfStepsLeavesEvaluationsAQuarterOfAnEpochApart) {
  TrainingOptions options = forty_steps();
  const TemporaryFolder whole, limited;
  const auto all = train(TinyModel(), tiny_data(), options, whole.path()).validation_losses;
  ASSERT_GT(all.size(), 3U);
  options.max_steps = all[1].step + 1;
  const auto some = train(TinyModel(), tiny_data(), options, limited.path()).validation_losses;
  ASSERT_GE(some.size(), 2U);
  EXPECT_EQ(some[1].step, all[1].step);
  EXPECT_EQ(some.back().step, options.max_steps);
}

TEST(Trainer, PassagesWithoutAnythingThatTheLossLooksAtAreNoValidation) {
  TrainingOptions options = forty_steps();
  options.objective.concept_weight = 1;
  TrainingData data = tiny_data();
  for (auto& passage : data.validation) passage.words.clear();
  const TemporaryFolder folder;
  int warnings = 0;
  set_message_sink([&](Severity, std::string_view) { ++warnings; });
  const auto result = train(TinyModel(), data, options, folder.path());
  set_message_sink(nullptr);
  EXPECT_EQ(warnings, 1);
  EXPECT_TRUE(result.validation_losses.empty());
  EXPECT_EQ(result.adapter, folder.path() / "last");
  for (auto& passage : data.training) passage.words.clear();
  const TemporaryFolder other;
  EXPECT_THROW(train(TinyModel(), data, options, other.path()), InputError);
}

TEST(Trainer, AFolderIsTrainedInByOneAtATime) {
  const TemporaryFolder folder;
  const auto other_process = FileLock::try_take(folder.path() / kLockFile, "test");
  EXPECT_THROW(train(TinyModel(), tiny_data(), forty_steps(), folder.path()), InputError);
}

TEST(Trainer, AFinishedRunThatWasChangedIsRefused) {
  const TemporaryFolder folder;
  train(TinyModel(), tiny_data(), forty_steps(), folder.path());
  folder.write("best/model.safetensors", "other");
  EXPECT_THROW(train(TinyModel(), tiny_data(), forty_steps(), folder.path()), InputError);
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
