#include "cli/own_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/runtime/matrices/threads.h"

namespace conceptune::cli {
namespace {

std::vector<char*> pointers_to(Words& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

Words own_command_without(std::string_view option) {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const std::string with_value = std::string(option) + "=";
  Words words;
  bool skip_value = false;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::string word = content.substr(begin, content.find('\0', begin) - begin);
    begin += word.size() + 1;
    if (!std::exchange(skip_value, word == option) && word != option && !word.starts_with(with_value))
      words.push_back(word);
  }
  return words;
}

Words own_environment() {
  Words environment;
  for (char** entry = environ; *entry; ++entry) environment.emplace_back(*entry);
  return environment;
}

void set_variable(Words& environment, const std::string& name, const std::string& value) {
  std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(name + "="); });
  environment.push_back(name + "=" + value);
}

void divide_threads(Words& environment, int processes) {
  const char* threads = std::getenv("OMP_NUM_THREADS");
  if (!threads || !*threads)
    set_variable(environment, "OMP_NUM_THREADS",
                 std::to_string(std::max(1, model::available_cores() / processes)));
}

/// Everything is made before the fork: the child of a process with threads may do hardly more than exec.
pid_t start_own(Words& command, Words& environment, std::string_view doing,
                const std::filesystem::path& log) {
  const std::string program = own_program();
  const auto arguments = pointers_to(command), variables = pointers_to(environment);
  const int output = log.empty() ? -1 : ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (!log.empty() && output < 0) throw SystemError(doing, log.string(), errno);
  const pid_t child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0);                     // Ctrl-C reaches the parent alone, which passes it on once
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // and should it be killed, the children stop
    if (output >= 0) ::dup2(output, STDOUT_FILENO);
    if (output >= 0) ::dup2(output, STDERR_FILENO);
    ::execve(program.c_str(), arguments.data(), variables.data());
    ::_exit(127);
  }
  const int error_number = errno;
  if (output >= 0) ::close(output);
  if (child < 0) throw SystemError(doing, program, error_number);
  return child;
}

std::string how_ended(int status) {
  if (WIFEXITED(status)) return fmt::format("with exit code {}", WEXITSTATUS(status));
  return fmt::format("by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
}

}  // namespace conceptune::cli
