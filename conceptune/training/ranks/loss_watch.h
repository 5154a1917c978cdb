// Ends what Gloo would wait for until its timeout: a send to a rank that died.
#pragma once

#include <gloo/transport/unbound_buffer.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "conceptune/training/ranks/rank_store.h"

namespace conceptune::training {

/// Gloo tells those who wait at a connection that its other end closed, but not those whose send waits in its
/// queue, as one does that began just before. A thread looks for ranks that left the store, and then ends the
/// waiting for sends of what is being exchanged.
class LossWatch {
 public:
  explicit LossWatch(const RankStore& store);

  /// What this rank exchanges now, and sends from; for as long as the object lives.
  class Exchange {
   public:
    Exchange(LossWatch& watch, gloo::transport::UnboundBuffer& buffer);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Whether a wait was ended: what the buffer holds then is no sum.
    bool was_broken() const;

   private:
    LossWatch& watch_;
  };

 private:
  using Clock = std::chrono::steady_clock;

  void look(const std::stop_token& stop);

  const RankStore& store_;
  mutable std::mutex mutex_;
  std::condition_variable_any ending_;
  gloo::transport::UnboundBuffer* buffer_ = nullptr;  // of the exchange that is under way
  Clock::time_point began_;                           // the exchange
  bool is_broken_ = false;                            // the exchange
  std::jthread thread_;                               // the last member: it uses the others
};

}  // namespace conceptune::training
