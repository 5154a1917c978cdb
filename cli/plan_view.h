// The plan of an experiment on a terminal, redrawn in place while it is carried out.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/progress.h"
#include "conceptune/experiment/stage_plan.h"

namespace conceptune::cli {

/// The lines of the view: how much is done, then a line a stage. They stay below the size in both directions,
/// so that they can be redrawn in place; where not all stages have room, those that are being made come
/// first. What came from files is made visible.
std::vector<std::string> plan_lines(const std::vector<experiment::PlannedStage>& stages, ViewSize size);

/// Shows a plan on stderr, which is a terminal, from construction to destruction; messages appear above it.
/// As the observer of this process's work it shows its pace at once; other processes' pace comes from their
/// claims.
class PlanView : public ProgressObserver {
 public:
  explicit PlanView(std::vector<experiment::PlannedStage> stages);
  ~PlanView() override;
  PlanView(const PlanView&) = delete;
  PlanView& operator=(const PlanView&) = delete;

  void begin(std::string_view stage, std::int64_t total, std::string_view unit) override;
  void update(std::int64_t done, std::string_view note) override;
  void end() override;

  /// Looks at the run's folder and draws anew, where the last time was some while ago.
  void look();

 private:
  void draw();
  void erase();

  using Clock = std::chrono::steady_clock;
  std::vector<experiment::PlannedStage> stages_;
  std::size_t drawn_ = 0;  // lines on the screen
  Clock::time_point looked_;
  MessageSink before_;
};

/// Whether stderr is a terminal.
bool can_show_plan();

}  // namespace conceptune::cli
