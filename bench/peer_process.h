// A peer that stays loaded and answers line by line, so that its steps and ours can alternate.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::bench {

class PeerProcess {
 public:
  /// Starts a program, looked up in PATH. Throws SystemError when it cannot be started.
  explicit PeerProcess(const std::vector<std::string>& command);
  ~PeerProcess();
  PeerProcess(const PeerProcess&) = delete;
  PeerProcess& operator=(const PeerProcess&) = delete;

  /// Sends one line and returns the line of JSON that answers it; throws SystemError when the peer has ended.
  Json ask(const Json& question);
  /// Ends its input and returns its last line.
  Json finish();

 private:
  Json answer();

  std::string name_;
  pid_t process_ = -1;
  std::FILE* input_ = nullptr;
  std::FILE* output_ = nullptr;
};

}  // namespace conceptune::bench
