#include "conceptune/training/ranks/loss_watch.h"

#include <algorithm>
#include <optional>

namespace conceptune::training {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{100};
/// A rank may leave as soon as it has what it needs, while what it sent is on its way to the others.
constexpr std::chrono::seconds kTimeToArrive{2};

}  // namespace

LossWatch::LossWatch(const RankStore& store)
    : store_(store), thread_([this](const std::stop_token& stop) { look(stop); }) {}

void LossWatch::look(const std::stop_token& stop) {
  std::optional<Clock::time_point> left;
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!left && store_.has_someone_left()) left = Clock::now();
    if (left && buffer_ && Clock::now() - std::max(*left, began_) > kTimeToArrive) {
      is_broken_ = true;
      buffer_->abortWaitSend();  // again at the next look, should it wait for another send
    }
    ending_.wait_for(lock, stop, kBetweenLooks, [] { return false; });
  }
}

LossWatch::Exchange::Exchange(LossWatch& watch, gloo::transport::UnboundBuffer& buffer) : watch_(watch) {
  const std::scoped_lock lock(watch_.mutex_);
  watch_.buffer_ = &buffer;
  watch_.began_ = Clock::now();
  watch_.is_broken_ = false;
}

LossWatch::Exchange::~Exchange() {
  const std::scoped_lock lock(watch_.mutex_);
  watch_.buffer_ = nullptr;
}

bool LossWatch::Exchange::was_broken() const {
  const std::scoped_lock lock(watch_.mutex_);
  return watch_.is_broken_;
}

}  // namespace conceptune::training
