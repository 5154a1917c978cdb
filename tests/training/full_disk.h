// A disk that refuses: while it lives, no file of this process grows beyond a size.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace conceptune::test {

class FullDisk {
 public:
  explicit FullDisk(rlim_t largest_file) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);  // the write fails instead
    const rlimit smaller{largest_file, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &smaller);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit limit_{};
  void (*handler_)(int);
};

}  // namespace conceptune::test
