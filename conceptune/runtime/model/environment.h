// What the arithmetic runs on: for `conceptune env`, for reports, and for warnings about a slow machine.
#pragma once

#include <string>
#include <vector>

#include "conceptune/runtime/model/decoder_weights.h"

namespace conceptune::model {

struct Environment {
  std::string onednn;         // its version; empty where this program has none
  std::string blas;           // e.g. "OpenBLAS 0.3.21 (SkylakeX)"; "reference BLAS" where none is known
  bool blas_is_slow = false;  // the reference BLAS: some 70 times slower than OpenBLAS
  std::string kernel_set;     // the instruction set the kernels run with, see kernels::active_isa()
  std::vector<std::string> kernel_sets;  // those that this machine runs
  bool bf16_products = false;            // bfloat16 models are multiplied as such, see fastest_products()
  int threads = 1;                       // that the model's arithmetic uses
  std::vector<std::string> devices;      // "cpu", and what a guest adds
};

/// Looks at the loaded libraries and the machine. Throws what kernels::active_isa() throws.
Environment current_environment();

/// Warns, once a process, when matrix products would run on the reference BLAS.
void warn_about_slow_blas();

/// Tells, where the processor multiplies bfloat16 and a model is to be trained with products in float32, what
/// bfloat16 would gain.
void tell_of_bf16_products(DataType type);

}  // namespace conceptune::model
