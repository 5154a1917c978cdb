#include "conceptune/base/progress.h"

#include <gtest/gtest.h>

#include <string>

namespace conceptune {
namespace {

class Recorder : public ProgressObserver {
 public:
  void begin(std::string_view stage, std::int64_t total, std::string_view unit) override {
    log += std::string(stage) + " " + std::to_string(total) + " " + std::string(unit) + ";";
  }
  void update(std::int64_t done, std::string_view) override { log += std::to_string(done) + ";"; }
  void skip(std::int64_t done) override { log += "skip " + std::to_string(done) + ";"; }
  void end() override { log += "end"; }
  std::string log;
};

TEST(Progress, ReportsTotalsAndAlwaysEnds) {
  Recorder recorder;
  try {
    Progress progress(&recorder, "train", 10, "steps");
    progress.add(3);
    progress.add(4);
    throw 1;
  } catch (int) {
  }
  EXPECT_EQ(recorder.log, "train 10 steps;3;7;end");
}

TEST(Progress, TellsWhatAnEarlierRunFinished) {
  Recorder recorder;
  {
    Progress progress(&recorder, "train", 10, "steps");
    progress.skip(0);
    progress.skip(4);
    progress.add(1);
    progress.skip(2);
  }
  EXPECT_EQ(recorder.log, "train 10 steps;skip 4;5;skip 7;end");
}

TEST(Progress, NeedsNoObserver) {
  Progress progress(nullptr, "train", 1, "steps");
  progress.add(1);
  EXPECT_EQ(progress.done(), 1);
}

}  // namespace
}  // namespace conceptune
