// How many threads the model's arithmetic uses.
#pragma once

namespace conceptune::model {

/// Cores that this process may run on (its CPU affinity), at least 1.
int available_cores();

/// Sets the threads of our kernels and oneDNN (OpenMP's) and of OpenBLAS, where that is the BLAS in use.
/// `count` ≥ 1. Results are the same bits for the same count.
void set_threads(int count);

/// The count now in use: what set_threads() was given last, or else OMP_NUM_THREADS, or else all available
/// cores, set on first use.
int threads();

}  // namespace conceptune::model
