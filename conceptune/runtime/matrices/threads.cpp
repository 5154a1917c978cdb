#include "conceptune/runtime/matrices/threads.h"

#include <dlfcn.h>
#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace conceptune::model {
namespace {

std::atomic<int> chosen_threads{0};

/// OpenBLAS built on pthreads ignores OpenMP's setting; it is found by name because another BLAS may be in
/// use.
void set_openblas_threads(int count) {
  using SetThreads = void (*)(int);
  if (const auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
    set(count);
}

/// OMP_NUM_THREADS as OpenMP reads it (its first number, of a list by nesting level); 0 where it says
/// nothing.
int threads_from_environment() {
  const char* text = std::getenv("OMP_NUM_THREADS");
  return text ? std::max(0, std::atoi(text)) : 0;
}

}  // namespace

int available_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return std::max(1, CPU_COUNT(&allowed));
}

void set_threads(int count) {
  chosen_threads = std::max(1, count);
  omp_set_num_threads(chosen_threads);
  set_openblas_threads(chosen_threads);
}

int threads() {
  if (chosen_threads == 0) {
    const int wanted = threads_from_environment();
    set_threads(wanted > 0 ? wanted : available_cores());
  }
  return chosen_threads;
}

}  // namespace conceptune::model
