#include "conceptune/runtime/model/matrix_products.h"

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/model/row_slices.h"

namespace conceptune::model {

using kernels::Bf16Operand;
using kernels::conversion_kernels;
using kernels::GemmShape;
using kernels::Operand;
using kernels::ProfileScope;
using weights::MatrixBlock;

namespace {

/// bfloat16 numbers are held in the upper halves of float32.
using Bf16 = std::uint16_t;

template <class Number>
using OperandOf = std::conditional_t<std::is_same_v<Number, float>, Operand, Bf16Operand>;

enum class Scratch { tile, rows, gradient };

/// Memory of the calling thread that is used again.
template <class T>
T* scratch(Scratch purpose, std::int64_t size) {
  static thread_local std::array<std::vector<T>, 3> buffers;
  auto& buffer = buffers[static_cast<std::size_t>(purpose)];
  if (static_cast<std::int64_t>(buffer.size()) < size) buffer.resize(size);
  return buffer.data();
}

/// rows × columns numbers, whose rows lie `leading` apart, in bfloat16, one row after the other.
void round_rows(const float* numbers, std::int64_t leading, std::int64_t rows, std::int64_t columns,
                Bf16* halves) {
  const ProfileScope scope("rounding to bfloat16");
  share_rows(rows, columns, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t n = begin; n < begin + count; ++n)
      conversion_kernels().to_bf16(numbers + n * leading, columns, halves + n * columns);
  });
}

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

}  // namespace

/// A frozen matrix as products read it.
class MatrixReader {
 public:
  explicit MatrixReader(const FrozenMatrix& matrix) : matrix_(matrix) {}

  std::int64_t column_unit() const { return matrix_.column_unit_; }
  bool is_held_as_multiplied() const { return matrix_.is_held_as_multiplied(); }
  /// The block where it is held, or expanded until the calling thread asks for the next.
  template <class Number>
  OperandOf<Number> block(const MatrixBlock& block) const;

 private:
  bool is_held_as(at::ScalarType type) const {
    return matrix_.held_OI_.defined() && matrix_.held_OI_.scalar_type() == type;
  }
  /// The block in float32, row after row, in the calling thread.
  void expand(const MatrixBlock& block, float* values) const;
  void expand(const MatrixBlock& block, Bf16* halves) const;

  const FrozenMatrix& matrix_;
};

template <class Number>
OperandOf<Number> MatrixReader::block(const MatrixBlock& block) const {
  constexpr bool kFloat = std::is_same_v<Number, float>;
  if (is_held_as(kFloat ? at::kFloat : at::kBFloat16)) {
    const auto* const values = static_cast<const Number*>(matrix_.held_OI_.data_ptr());
    return {values + block.first_row * matrix_.in_ + block.first_column, matrix_.in_};
  }
  Number* const values = scratch<Number>(Scratch::tile, block.rows * block.columns);
  const ProfileScope scope("expanding weights");
  share_rows(block.rows, block.columns, [&](std::int64_t begin, std::int64_t count) {
    expand({block.first_row + begin, count, block.first_column, block.columns},
           values + begin * block.columns);
  });
  return {values, block.columns};
}

void MatrixReader::expand(const MatrixBlock& block, float* values) const {
  if (!matrix_.held_OI_.defined()) return (*matrix_.expand_)(block, values);
  for (std::int64_t i = 0; i < block.rows; ++i) {
    const std::int64_t begin = (block.first_row + i) * matrix_.in_ + block.first_column;
    float* const row = values + i * block.columns;
    if (is_held_as(at::kFloat))
      std::copy_n(matrix_.held_OI_.data_ptr<float>() + begin, block.columns, row);
    else
      conversion_kernels().from_bf16(static_cast<const Bf16*>(matrix_.held_OI_.data_ptr()) + begin,
                                     block.columns, row);
  }
}

void MatrixReader::expand(const MatrixBlock& block, Bf16* halves) const {
  // What is in float32 in between stays in the core's own cache.
  const std::int64_t at_once = std::max<std::int64_t>(1, (1 << 13) / block.columns);
  for (std::int64_t done = 0; done < block.rows; done += at_once) {
    const std::int64_t rows = std::min(at_once, block.rows - done);
    float* const values = scratch<float>(Scratch::rows, rows * block.columns);
    expand({block.first_row + done, rows, block.first_column, block.columns}, values);
    conversion_kernels().to_bf16(values, rows * block.columns, halves + done * block.columns);
  }
}

namespace {

/// Columns [first, first + count) of a product's result.
struct Columns {
  std::int64_t first, count;
};

/// Bytes of a matrix that one thread expands at once: they stay in its core's own cache.
constexpr std::int64_t kBytesOfThread = 3 << 18;
/// Bytes that all threads expand at once: work beside which their waiting is little.
constexpr std::int64_t kBytesOfAll = 8 << 20;
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
    unit_ = std::max<std::int64_t>(unit, 32);
    const std::int64_t most =
        column_bytes == 0 ? all : std::max(bytes_at_once() / column_bytes, std::max(unit_, kNarrowest));
    width_ = by_thread_ ? best_width(results, std::max(unit_, kNarrowest), most, threads) : most;
  }

  bool by_thread() const { return by_thread_; }
  /// Of a matrix, expanded.
  std::int64_t bytes_at_once() const { return by_thread_ ? kBytesOfThread : kBytesOfAll; }
  std::vector<Columns> parts_of(std::int64_t columns) const {
    const std::int64_t units = count_of(columns, unit_), count = count_of(columns, width_);
    std::vector<Columns> parts;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t begin = units * i / count * unit_;
      parts.push_back({begin, std::min(columns, units * (i + 1) / count * unit_) - begin});
    }
    return parts;
  }

 private:
  static std::int64_t count_of(std::int64_t total, std::int64_t part) { return (total + part - 1) / part; }

  /// The width with which the thread that has most to do ends first.
  std::int64_t best_width(const std::vector<std::int64_t>& results, std::int64_t least, std::int64_t most,
                          std::int64_t threads) const {
    constexpr std::int64_t kCostOfPart = 16;  // columns' worth: reading the rows again
    std::int64_t best = least, best_cost = std::numeric_limits<std::int64_t>::max();
    for (std::int64_t width = least; width <= std::max(least, most); width += unit_) {
      std::int64_t parts = 0;
      for (const std::int64_t columns : results) parts += count_of(columns, width);
      const std::int64_t cost = count_of(parts, threads) * (width + kCostOfPart);
      if (cost < best_cost) {
        best = width;
        best_cost = cost;
      }
    }
    return best;
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

template <class Number>
void forward(const Number* x_NI, std::int64_t rows, const std::vector<ForwardProduct>& products) {
  const std::int64_t in = products.front().matrix->in();
  std::vector<std::int64_t> results;
  bool expands = false;
  for (const auto& product : products) {
    results.push_back(product.matrix->out());
    expands |= !MatrixReader(*product.matrix).is_held_as_multiplied();
  }
  const Sharing sharing(results, 1, expands ? in * static_cast<std::int64_t>(sizeof(Number)) : 0);
  struct Part {
    const ForwardProduct* product;
    Columns columns;
  };
  std::vector<Part> parts;
  for (const auto& product : products)
    for (const Columns& columns : sharing.parts_of(product.matrix->out()))
      parts.push_back({&product, columns});
  for_each(parts, sharing.by_thread(), [&](const Part& part) {
    const auto& [first, count] = part.columns;
    auto weights = MatrixReader(*part.product->matrix).template block<Number>({first, count, 0, in});
    weights.transposed = true;
    const GemmShape shape = {rows, count, in};
    const ProfileScope scope("frozen products, forward", flop_of(shape));
    multiply_tile(shape, {x_NI, in}, weights, part.product->add, part.product->y_NO + first,
                  part.product->matrix->out());
  });
}

/// The part of d_y that goes through rows [first, first + count) of a matrix.
struct Gradient {
  const FrozenMatrix* matrix;
  std::int64_t first, count;
  const float* d_y;  // rows lie the matrix's width out apart
};

/// Splits the products into rounds, in each of which at most kRoundedColumns columns of d_y are rounded.
std::vector<std::vector<Gradient>> rounds_of(const std::vector<BackwardProduct>& products) {
  std::vector<std::vector<Gradient>> rounds;
  std::int64_t room = 0;
  for (const auto& [matrix, d_y_NO] : products)
    for (std::int64_t first = 0; first < matrix->out(); first += kRoundedColumns) {
      const std::int64_t count = std::min(kRoundedColumns, matrix->out() - first);
      if (rounds.empty() || count > room) {
        rounds.emplace_back();
        room = kRoundedColumns;
      }
      rounds.back().push_back({matrix, first, count, d_y_NO + first});
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
    for (const auto& gradient : gradients) columns += gradient.count;
    Bf16* halves = scratch<Bf16>(Scratch::gradient, rows * columns);
    for (const auto& gradient : gradients) {
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
  // Fewer rows of a matrix at once would go through the result too often.
  constexpr std::int64_t kFewestRows = 256, kSize = sizeof(Number);
  const std::int64_t in = gradients.front().matrix->in();
  std::int64_t unit = 1;
  bool expands = false;
  for (const auto& gradient : gradients) {
    unit = std::max(unit, MatrixReader(*gradient.matrix).column_unit());
    expands |= !MatrixReader(*gradient.matrix).is_held_as_multiplied();
  }
  const Sharing sharing({in}, unit, expands ? kFewestRows * kSize : 0);
  const std::vector<OperandOf<Number>> operands = operands_of<Number>(gradients, rows);
  for_each(sharing.parts_of(in), sharing.by_thread(), [&](const Columns& columns) {
    const std::int64_t most = sharing.bytes_at_once() / (columns.count * kSize);
    bool adds = add;
    for (std::size_t g = 0; g < gradients.size(); ++g) {
      const Gradient& gradient = gradients[g];
      const MatrixReader matrix(*gradient.matrix);
      const std::int64_t at_once =
          matrix.is_held_as_multiplied() ? gradient.count : std::max(kFewestRows, most);
      for (std::int64_t done = 0; done < gradient.count; done += at_once, adds = true) {
        const std::int64_t count = std::min(at_once, gradient.count - done);
        const auto weights =
            matrix.template block<Number>({gradient.first + done, count, columns.first, columns.count});
        const GemmShape shape = {rows, columns.count, count};
        const ProfileScope scope("frozen products, backward", flop_of(shape));
        multiply_tile(shape, {operands[g].values + done, operands[g].leading}, weights, adds,
                      d_x_NI + columns.first, in);
      }
    }
  });
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

const std::uint16_t* ProductRows::bf16() const {
  static thread_local std::uint64_t roundings = 0;
  std::uint16_t* const halves = scratch<Bf16>(Scratch::rows, rows_ * width_);
  if (rounding_ != 0 && rounding_ == roundings) return halves;
  round_rows(numbers_, width_, rows_, width_, halves);
  rounding_ = ++roundings;
  return halves;
}

void multiply(const ProductRows& x_NI, const std::vector<ForwardProduct>& products) {
  if (in_bf16(*products.front().matrix))
    forward(x_NI.bf16(), x_NI.rows(), products);
  else
    forward(x_NI.float32(), x_NI.rows(), products);
}

void multiply_backward(const std::vector<BackwardProduct>& products, std::int64_t rows, bool add,
                       float* d_x_NI) {
  if (in_bf16(*products.front().matrix))
    backward<Bf16>(products, rows, add, d_x_NI);
  else
    backward<float>(products, rows, add, d_x_NI);
}

}  // namespace conceptune::model
