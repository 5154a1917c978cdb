#include "bench/peer_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "conceptune/base/error.h"

extern char** environ;

namespace conceptune::bench {
namespace {

/// Its ends are closed in a started program unless given to it.
std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw SystemError("running the peer", "a pipe", errno);
  return ends;
}

}  // namespace

PeerProcess::PeerProcess(const std::vector<std::string>& command) : name_(command.front()) {
  const auto to_peer = make_pipe(), from_peer = make_pipe();
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to_peer[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, from_peer[1], STDOUT_FILENO);
  const int failure = ::posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(to_peer[0]);
  ::close(from_peer[1]);
  input_ = ::fdopen(to_peer[1], "w");
  output_ = ::fdopen(from_peer[0], "r");
  if (failure != 0) throw SystemError("running the peer", name_, failure);
}

PeerProcess::~PeerProcess() {
  if (input_) std::fclose(input_);
  if (output_) std::fclose(output_);
  if (process_ > 0) ::waitpid(process_, nullptr, 0);
}

Json PeerProcess::ask(const Json& question) {
  const std::string line = to_json_text(question) + "\n";
  if (std::fwrite(line.data(), 1, line.size(), input_) != line.size() || std::fflush(input_) != 0)
    throw SystemError("running the peer", name_, "it takes no more input");
  return answer();
}

Json PeerProcess::finish() {
  std::fclose(input_);
  input_ = nullptr;
  return answer();
}

Json PeerProcess::answer() {
  std::string text;
  for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_))
    text += static_cast<char>(c);
  if (text.empty()) throw SystemError("running the peer", name_, "it ended without an answer");
  return parse_json(text, "reading the peer's answer", name_);
}

}  // namespace conceptune::bench
