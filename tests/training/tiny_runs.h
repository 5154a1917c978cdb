// Runs of forty steps on the tiny model: how they are stopped, killed and compared.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/runtime/matrices/threads.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/tiny_model.h"

namespace conceptune::training::test {

namespace fs = std::filesystem;

/// Runs sync every checkpoint to the disk, which a folder in memory makes quick.
class FoldersInMemory : public testing::Environment {
  void SetUp() override {
    if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);
  }
};
inline const auto* const kFoldersInMemory = testing::AddGlobalTestEnvironment(new FoldersInMemory);

/// 40 steps of five epochs: 17 passages in batches of two, the last of one.
inline TrainingOptions forty_steps() {
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
inline std::vector<std::string> products(const fs::path& folder) {
  std::vector<std::string> contents;
  for (const char* name :
       {"last/model.safetensors", "best/model.safetensors", "best/README.md", "log.jsonl", "log.csv",
        "events.out.tfevents.0.conceptune", "checkpoints/step-00000040/tensors.safetensors"})
    contents.push_back(read_file(folder / name, "reading"));
  return contents;
}

inline void train_until(std::int64_t step, const fs::path& folder, const TrainingOptions& options) {
  StopAt observer(step);
  EXPECT_THROW(train(TinyModel(), tiny_data(), options, folder, &observer, observer.stop.get_token()),
               Interrupted);
}

/// One thread for all arithmetic while it lives: a forked process has none of the others.
class OneThread {
 public:
  OneThread() { model::set_threads(1); }
  ~OneThread() { model::set_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_ = model::threads();
};

/// In a process of its own, which kills itself when a step is reached. Needs OneThread.
inline void train_and_die_at(std::int64_t step, const fs::path& folder, const TrainingOptions& options) {
  const pid_t child = ::fork();
  if (child == 0) {
    struct KillAt : StopAt {
      using StopAt::StopAt;
      void update(std::int64_t done, std::string_view) override {
        if (done >= step) ::kill(::getpid(), SIGKILL);
      }
    } killer(step);
    train(TinyModel(), tiny_data(), options, folder, &killer);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

}  // namespace conceptune::training::test
