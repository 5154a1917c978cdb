#include "tests/support/run_program.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// In the child: standard streams to files, then the program.
[[noreturn]] void become_program(const std::vector<std::string>& arguments, const TemporaryFolder& folder,
                                 const std::function<void()>& prepare) {
  const std::string name = program().string();
  std::vector<char*> argv = {const_cast<char*>(name.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  if (!std::freopen((folder.path() / "in").c_str(), "rb", stdin) ||
      !std::freopen((folder.path() / "out").c_str(), "wb", stdout) ||
      !std::freopen((folder.path() / "err").c_str(), "wb", stderr))
    ::_exit(126);
  if (prepare) prepare();
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

pid_t start_program(const std::vector<std::string>& arguments, const TemporaryFolder& folder,
                    const std::function<void()>& prepare = {}) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become_program(arguments, folder, prepare);
  return child;
}

ProgramResult result_of(int status, const TemporaryFolder& folder) {
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content_of(folder.path() / "out"),
          content_of(folder.path() / "err")};
}

ProgramResult wait_for(pid_t child, const TemporaryFolder& folder) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return result_of(status, folder);
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input) {
  const TemporaryFolder folder;
  folder.write("in", input);
  return wait_for(start_program(arguments, folder), folder);
}

ProgramResult run_program_after(const std::function<void()>& prepare,
                                const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  folder.write("in", "");
  return wait_for(start_program(arguments, folder, prepare), folder);
}

ProgramResult run_program_until(const std::function<bool()>& condition, int signal,
                                const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  folder.write("in", "");
  const pid_t child = start_program(arguments, folder);
  int status = 0;
  bool signalled = false;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (!signalled && condition()) {
      ::kill(child, signal);
      signalled = true;
    }
    ::usleep(5000);
  }
  return result_of(status, folder);
}

}  // namespace conceptune::test
