// Progress of long work, reported to whoever watches; the library itself shows nothing.
#pragma once

#include <cstdint>
#include <string_view>

namespace conceptune {

/// Receives the progress of one stage at a time. All calls come from one thread.
class ProgressObserver {
 public:
  virtual ~ProgressObserver() = default;
  /// A stage begins: `total` units are to be done (0 when unknown), `unit` is their plural name ("tokens").
  virtual void begin(std::string_view stage, std::int64_t total, std::string_view unit) = 0;
  /// `done` units in all are finished (not an increment); `note` is a short state, e.g. "loss 3.21".
  virtual void update(std::int64_t done, std::string_view note) = 0;
  /// `done` units in all are finished, the last ones by an earlier run: they say nothing of the pace.
  virtual void skip(std::int64_t done) { update(done, {}); }
  /// The stage is over, complete or not.
  virtual void end() = 0;
};

/// Scope of one stage; a null observer is allowed and costs nothing.
class Progress {
 public:
  Progress(ProgressObserver* observer, std::string_view stage, std::int64_t total, std::string_view unit)
      : observer_(observer) {
    if (observer_) observer_->begin(stage, total, unit);
  }
  ~Progress() {
    if (observer_) observer_->end();
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::int64_t units, std::string_view note = {}) {
    done_ += units;
    if (observer_) observer_->update(done_, note);
  }
  /// Units that an earlier run has finished.
  void skip(std::int64_t units) {
    done_ += units;
    if (observer_ && units > 0) observer_->skip(done_);
  }
  std::int64_t done() const { return done_; }

 private:
  ProgressObserver* observer_;
  std::int64_t done_ = 0;
};

}  // namespace conceptune
