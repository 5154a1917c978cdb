#include "conceptune/runtime/model/adapted_linear.h"

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/reused_memory.h"

namespace conceptune::model {

using kernels::gemm;

AdaptedLinear::AdaptedLinear(const LayerWeights& layer, const LoraAdapter* adapter, std::int64_t layer_index,
                             Projection projection, const DropoutPlan& dropout)
    : matrix_(&layer.matrix(projection)),
      bias_O_(layer.bias(projection).values()),
      stream_{dropout.seed, layer_index, projection},
      dropout_rate_(dropout.rate) {
  const LoraPair* pair = adapter ? adapter->find(layer_index, projection) : nullptr;
  if (!pair) return;
  a_RI_ = pair->a_RI.values();
  b_OR_ = pair->b_OR.values();
  rank_ = pair->a_RI.rows();
  scaling_ = static_cast<float>(adapter->scaling(*pair));
}

const float* AdaptedLinear::dropped(const float* x_NI, std::int64_t rows, std::int64_t first_row,
                                    float* kept) const {
  if (dropout_rate_ == 0) return x_NI;
  const std::int64_t in = matrix_->in();
  fill_dropout_mask(stream_, dropout_rate_, first_row, rows, in, kept);
  for (std::int64_t i = 0; i < rows * in; ++i) kept[i] *= x_NI[i];
  return kept;
}

void AdaptedLinear::add_change(const float* x_NI, std::int64_t rows, std::int64_t first_row,
                               float* y_NO) const {
  const std::int64_t in = matrix_->in(), out = matrix_->out();
  if (bias_O_)
    for (std::int64_t n = 0; n < rows; ++n)
      for (std::int64_t o = 0; o < out; ++o) y_NO[n * out + o] += bias_O_[o];
  if (rank_ == 0) return;
  const kernels::ProfileScope scope("adapter, forward");
  static thread_local ReusedMemory<float> low_memory, kept_memory;
  float* const low_NR = low_memory.take(rows * rank_);
  const float* input_NI = dropped(x_NI, rows, first_row, kept_memory.take(dropout_rate_ > 0 ? rows * in : 0));
  gemm({rows, rank_, in}, 1, {input_NI, in}, {a_RI_, in, true}, 0, low_NR, rank_);
  gemm({rows, out, rank_}, scaling_, {low_NR, rank_}, {b_OR_, rank_, true}, 1, y_NO, out);
}

/// One adapter's part of a backward pass over a slice: first its rows, then what they sum up to, column by
/// column of its matrices.
class AdapterBackward {
 public:
  /// `memory` holds size() values, until the last use.
  AdapterBackward(const ProjectionGradient& gradient, const float* x_NI, std::int64_t rows,
                  std::int64_t first_row, float* memory)
      : linear_(*gradient.linear),
        x_NI_(x_NI),
        d_y_NO_(gradient.d_y_NO),
        rows_(rows),
        first_row_(first_row),
        low_NR_(memory),
        d_low_NR_(memory + rows * linear_.rank_),
        kept_NI_(linear_.dropout_rate_ == 0 ? nullptr : memory + 2 * rows * linear_.rank_),
        d_a_RI_(gradient.d_adapter),
        d_b_OR_(gradient.d_adapter + linear_.rank_ * linear_.in()) {}

  static std::int64_t size(const AdaptedLinear& linear, std::int64_t rows) {
    return rows * (2 * linear.rank_ + (linear.dropout_rate_ == 0 ? 0 : linear.in()));
  }

  /// Makes rows' low-rank numbers, and adds to their d_x, unless it is null.
  void add_rows(std::int64_t begin, std::int64_t count, float* d_x_NI) const {
    const kernels::ProfileScope scope("adapter, backward");
    const std::int64_t in = linear_.in(), out = linear_.out(), rank = linear_.rank_;
    float *const low_NR = low_NR_ + begin * rank, *const d_low_NR = d_low_NR_ + begin * rank;
    const float* const input_NI = linear_.dropped(x_NI_ + begin * in, count, first_row_ + begin,
                                                  kept_NI_ ? kept_NI_ + begin * in : nullptr);
    gemm({count, rank, in}, 1, {input_NI, in}, {linear_.a_RI_, in, true}, 0, low_NR, rank);
    gemm({count, rank, out}, linear_.scaling_, {d_y_NO_ + begin * out, out}, {linear_.b_OR_, rank}, 0,
         d_low_NR, rank);
    if (d_x_NI) add_to_input(begin, count, d_low_NR, d_x_NI + begin * in);
  }

  /// The parts that add_columns() takes.
  std::int64_t column_parts() const { return parts_of(linear_.in()) + parts_of(linear_.out()); }

  /// Adds to a part of the adapter's gradient, after all rows.
  void add_columns(std::int64_t part) const {
    const kernels::ProfileScope scope("adapter, backward");
    const std::int64_t in = linear_.in(), out = linear_.out(), rank = linear_.rank_;
    const bool of_a = part < parts_of(in);
    const std::int64_t first = (of_a ? part : part - parts_of(in)) * kColumns;
    const std::int64_t count = std::min(kColumns, (of_a ? in : out) - first);
    if (of_a)
      gemm({rank, count, rows_}, 1, {d_low_NR_, rank, true}, {(kept_NI_ ? kept_NI_ : x_NI_) + first, in}, 1,
           d_a_RI_ + first, in);
    else
      gemm({count, rank, rows_}, linear_.scaling_, {d_y_NO_ + first, out, true}, {low_NR_, rank}, 1,
           d_b_OR_ + first * rank, rank);
  }

 private:
  /// Some microseconds of work.
  static constexpr std::int64_t kColumns = 192;
  static std::int64_t parts_of(std::int64_t columns) { return (columns + kColumns - 1) / kColumns; }

  void add_to_input(std::int64_t begin, std::int64_t count, const float* d_low_NR, float* d_x_NI) const {
    const std::int64_t in = linear_.in(), rank = linear_.rank_;
    const kernels::Operand d_low = {d_low_NR, rank}, a = {linear_.a_RI_, in};
    if (!kept_NI_) return gemm({count, in, rank}, 1, d_low, a, 1, d_x_NI, in);
    static thread_local ReusedMemory<float> d_kept_memory, change_memory;
    float* const d_kept_NI = d_kept_memory.take(count * in);
    gemm({count, in, rank}, 1, d_low, a, 0, d_kept_NI, in);
    const float* const change_NI =
        linear_.dropped(d_kept_NI, count, first_row_ + begin, change_memory.take(count * in));
    for (std::int64_t i = 0; i < count * in; ++i) d_x_NI[i] += change_NI[i];
  }

  const AdaptedLinear& linear_;
  const float *x_NI_, *d_y_NO_;
  std::int64_t rows_, first_row_;
  float *low_NR_, *d_low_NR_, *kept_NI_;
  float *d_a_RI_, *d_b_OR_;
};

namespace {

/// What a row of projections' results takes.
template <class Projections>
std::int64_t width_of(const Projections& projections) {
  std::int64_t width = 0;
  for (const auto& projection : projections) width += projection.linear->out();
  return width;
}

std::vector<AdapterBackward> adapters_of(const std::vector<ProjectionGradient>& gradients, const float* x_NI,
                                         std::int64_t rows, std::int64_t first_row) {
  static thread_local ReusedMemory<float> reused;
  const auto has_adapter = [](const auto& gradient) { return gradient.linear->adapter_size() > 0; };
  std::int64_t size = 0;
  for (const auto& gradient : gradients)
    if (has_adapter(gradient)) size += AdapterBackward::size(*gradient.linear, rows);
  float* memory = reused.take(size);
  std::vector<AdapterBackward> adapters;
  for (const auto& gradient : gradients) {
    if (!has_adapter(gradient)) continue;
    adapters.emplace_back(gradient, x_NI, rows, first_row, memory);
    memory += AdapterBackward::size(*gradient.linear, rows);
  }
  return adapters;
}

void add_columns(const std::vector<AdapterBackward>& adapters) {
  struct Part {
    const AdapterBackward* adapter;
    std::int64_t part;
  };
  std::vector<Part> parts;
  for (const AdapterBackward& adapter : adapters)
    for (std::int64_t i = 0; i < adapter.column_parts(); ++i) parts.push_back({&adapter, i});
  kernels::parallel_for(std::ssize(parts),
                        [&](std::int64_t i) { parts[i].adapter->add_columns(parts[i].part); });
}

}  // namespace

void project(const ProductRows& x_NI, std::int64_t first_row, const std::vector<ProjectionOutput>& outputs,
             const RowsWork& then) {
  std::vector<ForwardProduct> products;
  products.reserve(outputs.size());
  for (const auto& [linear, add, y_NO] : outputs) products.push_back({&linear->matrix(), add, y_NO});
  multiply(x_NI, products);
  const bool changes = std::any_of(outputs.begin(), outputs.end(),
                                   [](const auto& output) { return output.linear->has_change(); });
  if (!changes && !then) return;
  const float* const numbers_NI = x_NI.numbers;
  share_rows(x_NI.rows, width_of(outputs), [&](std::int64_t begin, std::int64_t count) {
    for (const auto& [linear, add, y_NO] : outputs)
      linear->add_change(numbers_NI ? numbers_NI + begin * linear->in() : nullptr, count, first_row + begin,
                         y_NO + begin * linear->out());
    if (then) then(begin, count);
  });
}

void project_backward(const float* x_NI, std::int64_t rows, std::int64_t first_row,
                      const std::vector<ProjectionGradient>& gradients, bool add, float* d_x_NI,
                      const RowsWork& then) {
  std::vector<BackwardProduct> products;
  products.reserve(gradients.size());
  for (const auto& gradient : gradients)
    products.push_back({&gradient.linear->matrix(), gradient.d_y_NO, gradient.rounded_NO});
  if (d_x_NI) multiply_backward(products, rows, add, d_x_NI);
  const std::vector<AdapterBackward> adapters = adapters_of(gradients, x_NI, rows, first_row);
  if (adapters.empty() && !then) return;
  share_rows(rows, width_of(gradients), [&](std::int64_t begin, std::int64_t count) {
    for (const AdapterBackward& adapter : adapters) adapter.add_rows(begin, count, d_x_NI);
    if (then) then(begin, count);
  });
  add_columns(adapters);
}

}  // namespace conceptune::model
