// Products with frozen matrices on the CPU, in float32 memory and on all threads: several at once where they
// read the same rows, or add to the same.
//
// Each thread takes columns of the result of its own: it expands what of the matrices they need into its
// core's cache and multiplies it there, so that threads wait for one another once a call. Where columns are
// too few for that, all threads expand a tile and then multiply it.
//
// Shapes: N rows of a batch, I width in, O width out.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"

namespace conceptune::model {

/// rows × width numbers that forward products read. Where they are `rounded` already, products in bfloat16
/// read that, and `numbers` may be null where nothing else reads them.
struct ProductRows {
  const float* numbers;
  std::int64_t rows, width;
  const kernels::Bf16* rounded = nullptr;
};

/// y = x Wᵀ, or y += it. The matrix is float32 or bfloat16 on the CPU, or stored.
struct ForwardProduct {
  const FrozenMatrix* matrix;
  bool add;
  float* y_NO;
};

/// What d_y gives: d_y W. Products in bfloat16 read `rounded_NO` where it is given, and d_y_NO may be null
/// then.
struct BackwardProduct {
  const FrozenMatrix* matrix;
  const float* d_y_NO;
  const kernels::Bf16* rounded_NO = nullptr;
};

/// All products of x_NI, at least one; the matrices' products are of one type.
void multiply(const ProductRows& x_NI, const std::vector<ForwardProduct>& products);

/// d_x = the sum of all products, at least one, or d_x += it; the matrices' products are of one type.
void multiply_backward(const std::vector<BackwardProduct>& products, std::int64_t rows, bool add,
                       float* d_x_NI);

}  // namespace conceptune::model
