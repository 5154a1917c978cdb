// Rows that a layer's steps make: in float32, rounded to bfloat16 for products that read them so, or both;
// and the memory that steps use again.
//
// The functions work on rows [begin, begin + count) in the calling thread.
#pragma once

#include <cstdint>
#include <functional>

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/matrices/reused_memory.h"

namespace conceptune::model {

/// Either may be null, where nothing reads it.
struct Rows {
  float* numbers = nullptr;
  kernels::Bf16* rounded = nullptr;

  /// From row `index` on.
  Rows from(std::int64_t index, std::int64_t width) const {
    return {numbers ? numbers + index * width : nullptr, rounded ? rounded + index * width : nullptr};
  }
};

/// Memory of one purpose.
struct RowMemory {
  ReusedMemory<float> numbers;
  ReusedMemory<kernels::Bf16> rounded;
};

/// What is in use at once within a slice of a layer; one a thread that runs layers.
struct LayerWorkspace {
  RowMemory normed, attended, product, d_product, d_gate, d_normed;
};

/// The calling thread's own.
LayerWorkspace& workspace_of_thread();

/// Calls make(n, row) for rows of float32, and rounds what it made while it is in cache.
void make_rows(const Rows& made, std::int64_t width, std::int64_t begin, std::int64_t count,
               const std::function<void(std::int64_t, float*)>& make);
/// Rounds rows' numbers, where they are wanted so.
void round_made(const Rows& rows, std::int64_t width, std::int64_t begin, std::int64_t count);
void copy_rows(const float* from, std::int64_t width, std::int64_t begin, std::int64_t count, float* to);
/// Row n in float32: where it lies, or widened into `room`.
const float* widened_row(const Rows& rows, std::int64_t width, std::int64_t n, float* room);

}  // namespace conceptune::model
