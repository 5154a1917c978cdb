#include "cli/workers.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <utility>
#include <vector>

#include "cli/own_process.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"

namespace conceptune::cli {
namespace {

constexpr std::string_view kDoing = "starting workers";

struct Worker {
  pid_t process;
  std::filesystem::path log;
};

/// Whether it has ended; tells of a failure.
bool has_ended(const Worker& worker, bool stopped) {
  int status = 0;
  if (::waitpid(worker.process, &status, WNOHANG) == 0) return false;
  if (status != 0 && !stopped)
    warn(fmt::format("a worker {} {}; {} says why. The others go on",
                     WIFEXITED(status) ? "ended" : "was ended", how_ended(status), worker.log.string()));
  return true;
}

}  // namespace

void run_workers(int workers, const std::filesystem::path& logs, const std::stop_token& stop,
                 const std::function<void()>& look) {
  make_folder(logs);
  Words command = own_command_without("--workers");
  command.emplace_back("--worker");
  Words environment = own_environment();
  divide_threads(environment, workers);
  std::vector<Worker> running;
  for (int number = 1; number <= workers; ++number) {
    const auto log = logs / fmt::format("worker-{}.log", number);
    running.push_back({start_own(command, environment, kDoing, log), log});
  }
  bool passed_on = false;
  while (!running.empty()) {
    if (stop.stop_requested() && !std::exchange(passed_on, true))
      for (const Worker& worker : running) ::kill(worker.process, SIGTERM);
    std::erase_if(running, [&](const Worker& worker) { return has_ended(worker, passed_on); });
    look();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  if (passed_on) throw Interrupted("all workers stopped");
}

}  // namespace conceptune::cli
