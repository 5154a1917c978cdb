// A web server written in Python, as long as the object lives.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace conceptune::test {

class TestServer {
 public:
  /// Starts a script of the repository, which prints its port and ends when its standard input does.
  explicit TestServer(const std::filesystem::path& script = "tests/fetch/server.py");
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  /// "http://127.0.0.1:PORT"
  const std::string& address() const { return address_; }

 private:
  pid_t child_ = 0;
  int input_ = -1;  // the server ends when this closes
  std::string address_;
};

}  // namespace conceptune::test
