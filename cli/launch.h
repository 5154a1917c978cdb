// Starts the ranks of a data-parallel run on this machine, as torchrun does.
#pragma once

#include <stop_token>

namespace conceptune::cli {

/// Runs this command line without --launch in `ranks` processes, with RANK, LOCAL_RANK, WORLD_SIZE,
/// LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT (as given, else a free one) and OMP_NUM_THREADS (as given, else
/// this machine's threads divided among them) set, and returns when all are done. A stop is passed on to
/// each. Once one failed, those that have not ended after rank_timeout() are killed. Throws Error that names
/// the first rank that failed (InputError where it exited with 2), Interrupted after a stop.
void launch_ranks(int ranks, const std::stop_token& stop);

}  // namespace conceptune::cli
