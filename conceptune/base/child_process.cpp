#include "conceptune/base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

extern char** environ;

namespace conceptune {
namespace {

constexpr std::size_t kKeptOutput = std::size_t{1} << 16;
constexpr int kStopMilliseconds = 100;  // between two looks at whether to stop

/// Starts the program with both outputs into `output`; its process id, or an errno, negative.
int start(const std::vector<std::string>& command, const std::filesystem::path& folder, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int error_number =
      ::posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error_number != 0 ? -error_number : process;
}

/// What comes until the other end closes.
std::string read_until_closed(int input, pid_t process, const std::stop_token& stop) {
  std::string output;
  char block[4096];
  for (bool told = false;;) {
    pollfd ready = {.fd = input, .events = POLLIN, .revents = 0};
    if (!told && stop.stop_requested()) {
      ::kill(process, SIGTERM);
      told = true;
    }
    if (::poll(&ready, 1, kStopMilliseconds) <= 0) continue;
    const ssize_t n = ::read(input, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return output;
    output.append(block, static_cast<std::size_t>(n));
    if (output.size() > 2 * kKeptOutput) output.erase(0, output.size() - kKeptOutput);
  }
}

}  // namespace

ChildOutcome run_child(const std::vector<std::string>& command, const std::filesystem::path& folder,
                       const std::stop_token& stop) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {.status = -errno, .output = {}};
  const int process = start(command, folder, ends[1]);
  ::close(ends[1]);
  ChildOutcome outcome{.status = process, .output = {}};
  if (process > 0) {
    outcome.output = read_until_closed(ends[0], process, stop);
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (outcome.output.size() > kKeptOutput) outcome.output.erase(0, outcome.output.size() - kKeptOutput);
  }
  ::close(ends[0]);
  return outcome;
}

}  // namespace conceptune
