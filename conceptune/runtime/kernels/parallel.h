// Loops over independent tasks on OpenMP's threads, which oneDNN uses too.
#pragma once

#include <cstdint>
#include <functional>

namespace conceptune::kernels {

/// Threads a loop started here may use.
int thread_count();

/// Calls task(i) for each i in [0, count) on all threads, in no particular order; returns when all are done.
/// The first exception of a task is rethrown here. Within a task, or in a fork of the process that first used
/// it, it runs in the calling thread alone.
void parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& task);

}  // namespace conceptune::kernels
