#include "cli/launch.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/own_process.h"
#include "conceptune/base/checkpoint_request.h"
#include "conceptune/base/error.h"
#include "conceptune/training/ranks/rank_settings.h"

namespace conceptune::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kDoing = "starting the ranks";
constexpr const char* kAddress = "127.0.0.1";

/// `wanted` where it can be listened at, a free port for 0.
int find_port(int wanted) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) throw SystemError(kDoing, "socket", errno);
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(wanted));
  ::inet_pton(AF_INET, kAddress, &address.sin_addr);
  socklen_t size = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::listen(socket, 1) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  const int error_number = errno;
  ::close(socket);
  if (!bound) throw SystemError(kDoing, fmt::format("port {} of {}", wanted, kAddress), error_number);
  return ntohs(address.sin_port);
}

int port_from_environment() {
  const char* text = std::getenv("MASTER_PORT");
  if (!text || !*text) return find_port(0);
  const int port = std::atoi(text);
  if (port < 1 || port > 65535)
    throw InputError(kDoing, "MASTER_PORT", fmt::format("is '{}', expected a port from 1 to 65535", text));
  return find_port(port);
}

/// What all ranks have in common.
Words shared_environment(int ranks) {
  Words environment = own_environment();
  set_variable(environment, "WORLD_SIZE", std::to_string(ranks));
  set_variable(environment, "LOCAL_WORLD_SIZE", std::to_string(ranks));
  set_variable(environment, "MASTER_ADDR", kAddress);
  set_variable(environment, "MASTER_PORT", std::to_string(port_from_environment()));
  divide_threads(environment, ranks);
  return environment;
}

class Launch {
 public:
  explicit Launch(int ranks) {
    Words command = own_command_without("--launch");
    const Words shared = shared_environment(ranks);
    for (int rank = 0; rank < ranks; ++rank) {
      Words environment = shared;
      set_variable(environment, "RANK", std::to_string(rank));
      set_variable(environment, "LOCAL_RANK", std::to_string(rank));
      children_.push_back(start_own(command, environment, kDoing));
    }
  }

  void wait(const std::stop_token& stop) {
    bool passed_on = false;
    std::int64_t requests = checkpoint_requests();
    while (collect()) {
      if (std::exchange(requests, checkpoint_requests()) != requests) signal_all(SIGUSR1);
      if (stop.stop_requested() && !std::exchange(passed_on, true)) signal_all(SIGTERM);
      if (failed_since_ && Clock::now() - *failed_since_ > training::rank_timeout()) signal_all(SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    if (failed_rank_ < 0) return;
    if (passed_on) throw Interrupted("all ranks stopped");
    throw_failure();
  }

 private:
  /// Notes which ranks ended. True while some still run.
  bool collect() {
    bool running = false;
    const bool failed_before = failed_rank_ >= 0;
    for (std::size_t rank = 0; rank < children_.size(); ++rank) {
      int status = 0;
      if (children_[rank] == 0) continue;
      if (::waitpid(children_[rank], &status, WNOHANG) == 0) {
        running = true;
        continue;
      }
      children_[rank] = 0;
      // Of ranks that ended within one round the one that was killed: the others may have failed for want of
      // it.
      const bool is_likelier = !failed_before && WIFSIGNALED(status) && !WIFSIGNALED(failed_status_);
      if (status != 0 && (failed_rank_ < 0 || is_likelier)) {
        failed_rank_ = static_cast<int>(rank);
        failed_status_ = status;
        failed_since_ = Clock::now();
      }
    }
    return running;
  }

  void signal_all(int number) const {
    for (const pid_t child : children_)
      if (child > 0) ::kill(child, number);
  }

  [[noreturn]] void throw_failure() const {
    const std::string what = fmt::format("rank {} failed first, {}", failed_rank_, how_ended(failed_status_));
    if (WIFEXITED(failed_status_) && WEXITSTATUS(failed_status_) == 2) throw InputError(what);
    throw Error(what);
  }

  std::vector<pid_t> children_;  // by rank; 0 once it ended
  int failed_rank_ = -1;
  int failed_status_ = 0;
  std::optional<Clock::time_point> failed_since_;
};

}  // namespace

void launch_ranks(int ranks, const std::stop_token& stop) {
  if (std::getenv("RANK"))
    throw InputError(kDoing, "RANK",
                     "is set: another launcher started this process, --launch has no place here");
  Launch(ranks).wait(stop);
}

}  // namespace conceptune::cli
