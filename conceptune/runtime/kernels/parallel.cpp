#include "conceptune/runtime/kernels/parallel.h"

#include <omp.h>
#include <pthread.h>

#include <exception>

namespace conceptune::kernels {
namespace {

bool forked = false;

/// Whether this process is a fork of the one that first asked: OpenMP's threads do not live on in it, and a
/// loop over them would never end.
bool is_forked() {
  static const int watched = ::pthread_atfork(nullptr, nullptr, [] { forked = true; });
  return watched == 0 && forked;
}

}  // namespace

int thread_count() { return omp_in_parallel() ? 1 : omp_get_max_threads(); }

void parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& task) {
  if (count <= 1 || thread_count() == 1 || is_forked()) {
    for (std::int64_t i = 0; i < count; ++i) task(i);
    return;
  }
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t i = 0; i < count; ++i) {
    try {
      task(i);
    } catch (...) {
#pragma omp critical
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace conceptune::kernels
