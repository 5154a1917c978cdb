// Keys and values that ranks exchange before they can talk to one another: rank 0 holds them, the others ask
// it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "conceptune/training/ranks/rank_settings.h"

namespace conceptune::training {

class RankStore {
 public:
  /// Rank 0 listens at settings.port, at any of its addresses, for as long as this lives; the others connect
  /// to settings.address, trying again while nobody listens there. Throws SystemError where that fails within
  /// settings.timeout.
  explicit RankStore(const RankSettings& settings);
  ~RankStore();
  RankStore(const RankStore&) = delete;
  RankStore& operator=(const RankStore&) = delete;

  /// These throw SystemError when rank 0 is gone, and for a value of more than 1 MiB.
  void set(const std::string& key, const std::string& value);
  /// Waits until the key is set. Throws SystemError when that takes longer than `timeout`.
  std::string get(const std::string& key, std::chrono::milliseconds timeout);
  /// Whether a connection closed since: on rank 0 that of any other, on the others that to rank 0.
  bool has_someone_left() const;

 private:
  class Server;
  class Connection;

  std::unique_ptr<Server> server_;  // on rank 0
  std::unique_ptr<Connection> connection_;
};

}  // namespace conceptune::training
