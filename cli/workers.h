// Processes on this machine that share the work of one experiment.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

namespace conceptune::cli {

/// Runs this command line without --workers, but with --worker, in so many processes, this machine's threads
/// divided among them (OMP_NUM_THREADS as given, where it is), and returns when all have ended; what one did
/// not do, another or the caller does. What worker N prints goes to `logs`/worker-N.log; a warning tells of
/// one that failed. A stop is passed on to each; Interrupted is thrown after it.
/// `look` is called some times a second meanwhile.
void run_workers(int workers, const std::filesystem::path& logs, const std::stop_token& stop,
                 const std::function<void()>& look);

}  // namespace conceptune::cli
