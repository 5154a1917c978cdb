#include "tests/support/test_server.h"

#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/inputs.h"

namespace conceptune::test {

TestServer::TestServer(const std::filesystem::path& script) {
  int input[2], output[2];
  if (::pipe(input) != 0 || ::pipe(output) != 0) throw std::runtime_error("cannot make pipes");
  const std::string path = source(script).string();
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(input[0], STDIN_FILENO);
    ::dup2(output[1], STDOUT_FILENO);
    for (const int end : {input[0], input[1], output[0], output[1]}) ::close(end);
    ::execl(CONCEPTUNE_PYTHON, CONCEPTUNE_PYTHON, path.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  std::string port;
  for (char c; ::read(output[0], &c, 1) == 1 && c != '\n';) port += c;
  ::close(output[0]);
  if (port.empty()) throw std::runtime_error("the test server did not start");
  address_ = "http://127.0.0.1:" + port;
}

TestServer::~TestServer() {
  ::close(input_);
  ::waitpid(child_, nullptr, 0);
}

}  // namespace conceptune::test
