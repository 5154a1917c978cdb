#include "conceptune/runtime/matrices/matrix_products.h"

#include <algorithm>
#include <limits>

#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/matrix_reader.h"
#include "conceptune/runtime/matrices/reused_memory.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::model {

using kernels::Bf16Operand;
using kernels::GemmShape;
using kernels::Operand;
using kernels::ProfileScope;

namespace {

/// What the calling thread rounded.
thread_local ReusedMemory<Bf16> rounded_rows, rounded_gradients;

/// c = a b or c += it: on all threads, or in the calling one within a loop over threads.
void multiply_tile(const GemmShape& shape, const Operand& a, const Operand& b, bool add, float* c,
                   std::int64_t c_leading) {
  kernels::parallel_gemm(shape, 1, a, b, add ? 1 : 0, c, c_leading);
}

void multiply_tile(const GemmShape& shape, const Bf16Operand& a, const Bf16Operand& b, bool add, float* c,
                   std::int64_t c_leading) {
  kernels::bf16_gemm(shape, a, b, add, c, c_leading);
}

double flop_of(const GemmShape& shape) {
  return 2.0 * static_cast<double>(shape.rows) * static_cast<double>(shape.columns) *
         static_cast<double>(shape.inner);
}

std::int64_t count_of(std::int64_t total, std::int64_t part) { return (total + part - 1) / part; }

/// Parts of about the same size, at most `part` (but at least `unit`), that begin at multiples of `unit`.
std::vector<Range> split(Range range, std::int64_t unit, std::int64_t part) {
  const std::int64_t units = count_of(range.count, unit), count = count_of(range.count, std::max(unit, part));
  std::vector<Range> parts;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t begin = units * i / count * unit;
    const std::int64_t end = std::min(range.count, units * (i + 1) / count * unit);
    parts.push_back({range.first + begin, end - begin});
  }
  return parts;
}

/// a [rows × inner] times rows [inner.first, inner.first + inner.count) of a matrix.
template <class Number>
struct Term {
  MatrixReader matrix;
  Range inner;
  OperandOf<Number> a;
};

/// c = the sum of the terms, or c += it. Its rows lie one after the other.
template <class Number>
struct Sum {
  std::vector<Term<Number>> terms;
  std::int64_t columns;
  bool add;
  float* c;
};

/// Parts of a product begin at multiples of so many of a matrix's rows or columns, at least.
constexpr std::int64_t kUnit = 32;
/// Bytes of a matrix that one thread expands at once: they stay in its core's own cache.
constexpr std::int64_t kBytesOfThread = 3 << 18;
/// Bytes that all threads expand at once: work beside which their waiting is little.
constexpr std::int64_t kBytesOfAll = 8 << 20;
/// Bytes of a matrix's column that are multiplied at once: with fewer, products would go through their result
/// more often than they do anyway.
constexpr std::int64_t kFewestBytes = 1 << 10;
/// Rows of a matrix that d_y is rounded for at once: what that takes stays small beside a head's logits.
constexpr std::int64_t kRoundedColumns = 1 << 14;

/// How the columns of results are shared out to the threads, or that they are not.
class Sharing {
 public:
  /// Columns of results that are made together, in multiples of `unit`, which need `column_bytes` each of
  /// their matrix; 0 where these need not be expanded.
  Sharing(const std::vector<std::int64_t>& results, std::int64_t unit, std::int64_t column_bytes) {
    // Parts any narrower read the rows too often.
    constexpr std::int64_t kNarrowest = 64;
    const std::int64_t threads = kernels::thread_count();
    std::int64_t all = 0;
    for (const std::int64_t columns : results) all += columns;
    by_thread_ = threads == 1 || all >= threads * std::max(unit, kNarrowest);
    unit_ = std::max(unit, kUnit);
    const std::int64_t least = std::max(unit_, kNarrowest);
    const std::int64_t most = column_bytes == 0 ? all : std::max(bytes_at_once() / column_bytes, least);
    width_ = by_thread_ ? best_width(results, least, std::min(most, count_of(all, threads) + unit_), threads)
                        : most;
  }

  bool by_thread() const { return by_thread_; }
  /// Of a matrix, expanded.
  std::int64_t bytes_at_once() const { return by_thread_ ? kBytesOfThread : kBytesOfAll; }
  std::vector<Range> parts_of(std::int64_t columns) const { return split({0, columns}, unit_, width_); }

 private:
  /// The width with which the last thread ends first.
  std::int64_t best_width(const std::vector<std::int64_t>& results, std::int64_t least, std::int64_t most,
                          std::int64_t threads) const {
    std::int64_t best = least, best_duration = std::numeric_limits<std::int64_t>::max();
    std::vector<std::int64_t> busy(threads);
    for (std::int64_t width = least; width <= std::max(least, most); width += unit_) {
      const std::int64_t duration = duration_of(results, width, busy);
      if (duration < best_duration) {
        best = width;
        best_duration = duration;
      }
    }
    return best;
  }

  /// In columns' worth of work, where each thread takes the next part when it is done with one. `busy` has a
  /// place for each.
  std::int64_t duration_of(const std::vector<std::int64_t>& results, std::int64_t width,
                           std::vector<std::int64_t>& busy) const {
    constexpr std::int64_t kCostOfPart = 16;  // reading the rows again
    std::fill(busy.begin(), busy.end(), 0);
    for (const std::int64_t columns : results) {
      const std::int64_t parts = count_of(columns, width);
      for (std::int64_t i = 0; i < parts; ++i)
        *std::min_element(busy.begin(), busy.end()) += count_of(columns, parts) + kCostOfPart;
    }
    return *std::max_element(busy.begin(), busy.end());
  }

  bool by_thread_;
  std::int64_t unit_, width_;
};

/// Each item in a thread of its own, or one after the other.
template <class Item, class Work>
void for_each(const std::vector<Item>& items, bool by_thread, Work&& work) {
  if (by_thread)
    kernels::parallel_for(std::ssize(items), [&](std::int64_t i) { work(items[i]); });
  else
    for (const Item& item : items) work(item);
}

/// Columns of a sum, `bytes_at_once` of a matrix at a time where that is expanded.
template <class Number>
void compute_columns(const Sum<Number>& sum, const Range& columns, std::int64_t rows,
                     std::int64_t bytes_at_once, const char* name) {
  constexpr std::int64_t kSize = sizeof(Number);
  const std::int64_t most = std::max(kFewestBytes, bytes_at_once / columns.count) / kSize;
  bool add = sum.add;
  for (const auto& [matrix, inner, a] : sum.terms) {
    const std::int64_t at_once = matrix.is_held_as_multiplied() ? inner.count : most;
    for (const Range& part : split(inner, std::max(kUnit, matrix.row_unit()), at_once)) {
      const auto b = matrix.template part<Number>(part, columns);
      const GemmShape shape = {rows, columns.count, part.count};
      const ProfileScope scope(name, flop_of(shape));
      multiply_tile(shape, {a.values + part.first - inner.first, a.leading}, b, add, sum.c + columns.first,
                    sum.columns);
      add = true;
    }
  }
}

template <class Number>
void compute(const std::vector<Sum<Number>>& sums, std::int64_t rows, const char* name) {
  std::int64_t unit = 1;
  bool expands = false;
  std::vector<std::int64_t> results;
  for (const auto& sum : sums) {
    results.push_back(sum.columns);
    for (const auto& term : sum.terms) {
      unit = std::max(unit, term.matrix.column_unit());
      expands |= !term.matrix.is_held_as_multiplied();
    }
  }
  const Sharing sharing(results, unit, expands ? kFewestBytes : 0);
  struct Part {
    const Sum<Number>* sum;
    Range columns;
  };
  std::vector<Part> parts;
  for (const auto& sum : sums)
    for (const Range& columns : sharing.parts_of(sum.columns)) parts.push_back({&sum, columns});
  for_each(parts, sharing.by_thread(), [&](const Part& part) {
    compute_columns(*part.sum, part.columns, rows, sharing.bytes_at_once(), name);
  });
}

template <class Number>
void forward(const Number* x_NI, std::int64_t rows, const std::vector<ForwardProduct>& products) {
  std::vector<Sum<Number>> sums;
  sums.reserve(products.size());
  for (const auto& [matrix, add, y_NO] : products)
    sums.push_back({{{{*matrix, Direction::forward}, {0, matrix->in()}, {x_NI, matrix->in()}}},
                    matrix->out(),
                    add,
                    y_NO});
  compute(sums, rows, "frozen products, forward");
}

/// Until the calling thread rounds other rows.
const Bf16* bf16_of(const ProductRows& x_NI) {
  if (x_NI.rounded) return x_NI.rounded;
  Bf16* const halves = rounded_rows.take(x_NI.rows * x_NI.width);
  round_rows(x_NI.numbers, x_NI.width, x_NI.rows, x_NI.width, halves);
  return halves;
}

/// The part of d_y that goes through rows [first, first + count) of a matrix.
struct Gradient {
  const FrozenMatrix* matrix;
  std::int64_t first, count;
  const float* d_y;     // rows lie the matrix's width out apart
  const Bf16* rounded;  // the same, or null
};

/// Splits the products into rounds, in each of which at most kRoundedColumns columns of d_y are rounded.
std::vector<std::vector<Gradient>> rounds_of(const std::vector<BackwardProduct>& products) {
  std::vector<std::vector<Gradient>> rounds;
  std::int64_t room = 0;
  for (const auto& [matrix, d_y_NO, rounded_NO] : products)
    for (std::int64_t first = 0; first < matrix->out(); first += kRoundedColumns) {
      const std::int64_t count = std::min(kRoundedColumns, matrix->out() - first);
      if (rounds.empty() || count > room) {
        rounds.emplace_back();
        room = kRoundedColumns;
      }
      rounds.back().push_back({matrix, first, count, d_y_NO ? d_y_NO + first : nullptr,
                               rounded_NO ? rounded_NO + first : nullptr});
      room -= count;
    }
  return rounds;
}

template <class Number>
std::vector<OperandOf<Number>> operands_of(const std::vector<Gradient>& gradients, std::int64_t rows) {
  std::vector<OperandOf<Number>> operands;
  if constexpr (std::is_same_v<Number, float>) {
    for (const auto& gradient : gradients) operands.push_back({gradient.d_y, gradient.matrix->out()});
  } else {
    std::int64_t columns = 0;
    for (const auto& gradient : gradients) columns += gradient.rounded ? 0 : gradient.count;
    Bf16* halves = rounded_gradients.take(rows * columns);
    for (const auto& gradient : gradients) {
      if (gradient.rounded) {
        operands.push_back({gradient.rounded, gradient.matrix->out()});
        continue;
      }
      round_rows(gradient.d_y, gradient.matrix->out(), rows, gradient.count, halves);
      operands.push_back({halves, gradient.count});
      halves += rows * gradient.count;
    }
  }
  return operands;
}

/// d_x = what a round's gradients give, or d_x += it.
template <class Number>
void backward(const std::vector<Gradient>& gradients, std::int64_t rows, bool add, float* d_x_NI) {
  const std::vector<OperandOf<Number>> operands = operands_of<Number>(gradients, rows);
  Sum<Number> sum{{}, gradients.front().matrix->in(), add, d_x_NI};
  for (std::size_t g = 0; g < gradients.size(); ++g) {
    const Gradient& gradient = gradients[g];
    sum.terms.push_back(
        {{*gradient.matrix, Direction::backward}, {gradient.first, gradient.count}, operands[g]});
  }
  compute<Number>({sum}, rows, "frozen products, backward");
}

template <class Number>
void backward(const std::vector<BackwardProduct>& products, std::int64_t rows, bool add, float* d_x_NI) {
  for (const auto& gradients : rounds_of(products)) {
    backward<Number>(gradients, rows, add, d_x_NI);
    add = true;
  }
}

bool in_bf16(const FrozenMatrix& matrix) { return matrix.products() == ProductType::bfloat16; }

}  // namespace

void multiply(const ProductRows& x_NI, const std::vector<ForwardProduct>& products) {
  if (in_bf16(*products.front().matrix))
    forward(bf16_of(x_NI), x_NI.rows, products);
  else
    forward(x_NI.numbers, x_NI.rows, products);
}

void multiply_backward(const std::vector<BackwardProduct>& products, std::int64_t rows, bool add,
                       float* d_x_NI) {
  if (in_bf16(*products.front().matrix))
    backward<Bf16>(products, rows, add, d_x_NI);
  else
    backward<float>(products, rows, add, d_x_NI);
}

}  // namespace conceptune::model
